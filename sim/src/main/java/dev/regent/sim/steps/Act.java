package dev.regent.sim.steps;

import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A piece of work that takes time, as a value: started, it ends once, with a result or with
 * trouble. Where production blocks a thread, here one act follows another.
 */
interface Act<T> {
  void start(Work work, Consumer<T> then, Consumer<Trouble> otherwise);

  static <T> Act<T> value(T result) {
    return (work, then, otherwise) -> then.accept(result);
  }

  static <T> Act<T> trouble(Trouble why) {
    return (work, then, otherwise) -> otherwise.accept(why);
  }

  static <T> Act<T> refused(String reason) {
    return trouble(new Trouble.Refused(reason));
  }

  /** Something to be found out only when its turn comes. */
  static <T> Act<T> of(Function<Work, Act<T>> what) {
    return (work, then, otherwise) -> what.apply(work).start(work, then, otherwise);
  }

  default <R> Act<R> then(Function<T, Act<R>> next) {
    return (work, then, otherwise) ->
        start(work, t -> next.apply(t).start(work, then, otherwise), otherwise);
  }

  default <R> Act<R> then(Act<R> next) {
    return then(ignored -> next);
  }

  default <R> Act<R> map(Function<T, R> how) {
    return then(t -> value(how.apply(t)));
  }

  /** What to do about trouble; it may be passed on. */
  default Act<T> rescue(Function<Trouble, Act<T>> how) {
    return (work, then, otherwise) ->
        start(work, then, why -> how.apply(why).start(work, then, otherwise));
  }

  /** Whatever comes of this, {@code last} is done behind it; its own trouble takes the place. */
  default Act<T> lastly(Act<Boolean> last) {
    Act<T> self = this;
    return (work, then, otherwise) ->
        self.start(
            work,
            t -> last.start(work, ok -> then.accept(t), otherwise),
            why -> last.start(work, ok -> otherwise.accept(why), otherwise));
  }
}
