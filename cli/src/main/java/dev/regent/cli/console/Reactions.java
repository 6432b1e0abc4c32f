package dev.regent.cli.console;

import dev.regent.cli.terminal.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a happening makes of the state, and what has to be done then. Pure. An act is carried out
 * only out of a {@link Dialog.Plan} that showed what it does and was answered with yes, while the
 * same primary leads as when the plan was asked for.
 *
 * @param refusal why an order cannot be given here; empty if it can
 * @param alone whether an act dies with the console, so that it must not be left
 */
record Reactions(Function<Order, String> refusal, boolean alone) {
  private static final int PAGE = 5;

  private static final Sight.Reign UNKNOWN = new Sight.Reign("", 0);

  /** What has to be done. */
  sealed interface Effect {
    record Plan(Order order) implements Effect {}

    record CarryOut(Order order) implements Effect {}

    record Redraw() implements Effect {}

    record Quit() implements Effect {}
  }

  record Next(State state, Optional<Effect> effect) {
    static Next of(State state) {
      return new Next(state, Optional.empty());
    }

    static Next of(State state, Effect effect) {
      return new Next(state, Optional.of(effect));
    }
  }

  Next after(State state, Happening happening) {
    return switch (happening) {
      case Happening.Seen h -> Next.of(upToDate(state.seen(h.sight())));
      case Happening.Lost h -> Next.of(state.lost(h.why()));
      case Happening.Told h -> Next.of(state.told(h.line()));
      case Happening.Forgotten h -> Next.of(state.forgotten());
      case Happening.Planned h -> Next.of(planned(state, h));
      case Happening.Progress h -> Next.of(state.progressed(h.line()));
      case Happening.Ended h -> ended(state, h);
      case Happening.Tick h -> Next.of(state);
      case Happening.Pressed h when h.key() == Key.REDRAW -> Next.of(state, new Effect.Redraw());
      case Happening.Pressed h -> pressed(state, h.key());
      case Happening.Gone h -> gone(state);
    };
  }

  /** A plan that nobody waits for any more is dropped. */
  private static State planned(State state, Happening.Planned planned) {
    return state.dialog() instanceof Dialog.Asking a && a.order().equals(planned.order())
        ? upToDate(state.with(new Dialog.Plan(a.order(), a.dry(), planned.answer(), a.reign(), 0)))
        : state;
  }

  /** What was shown for one reign must not be done in another: it would be something else. */
  private static State upToDate(State state) {
    Sight.Reign now = reign(state);
    if (!(state.dialog() instanceof Dialog.Plan p) || !p.asks() || p.reign().equals(now)) {
      return state;
    }
    return state.with(
        new Dialog.Message(
            "The cluster changed: "
                + words(p.reign())
                + " when the plan was asked for, "
                + words(now)
                + " now. Nothing was done; ask again."));
  }

  private static Sight.Reign reign(State state) {
    return state.sight().map(Sight::reign).orElse(UNKNOWN);
  }

  private static String words(Sight.Reign reign) {
    return (reign.primary().isEmpty() ? "nobody" : reign.primary())
        + " led"
        + (reign.epoch() == 0 ? "" : " (epoch " + reign.epoch() + ")");
  }

  private static Next ended(State state, Happening.Ended ended) {
    State after = state.ended(ended.order(), ended.answer());
    return state.dialog() instanceof Dialog.Gone
        ? Next.of(after, new Effect.Quit())
        : Next.of(after);
  }

  /** Whatever is open; and no message that nobody reads keeps it. */
  private Next gone(State state) {
    return alone && state.busy().isPresent()
        ? Next.of(state.with(new Dialog.Gone()))
        : Next.of(state, new Effect.Quit());
  }

  private Next pressed(State state, Key key) {
    return switch (state.dialog()) {
      case Dialog.None d -> atRest(state, key);
      case Dialog.Help d -> text(state, key, s -> new Dialog.Help(s), d.scroll());
      case Dialog.DryRun d -> dryRun(state, key);
      case Dialog.Choose d -> choose(state, d, key);
      case Dialog.Asking d -> key == Key.CANCEL || key == Key.QUIT ? close(state) : Next.of(state);
      case Dialog.Plan d -> plan(state, d, key);
      case Dialog.Working d -> key == Key.CANCEL ? close(state) : Next.of(state);
      case Dialog.Outcome d ->
          text(state, key, s -> new Dialog.Outcome(d.order(), d.answer(), s), d.scroll());
      case Dialog.Gone d -> Next.of(state);
      case Dialog.Message d -> close(state);
    };
  }

  private static Next close(State state) {
    return Next.of(state.with(new Dialog.None()));
  }

  private Next atRest(State state, Key key) {
    return switch (key) {
      case UP -> Next.of(state.selecting(-1));
      case DOWN -> Next.of(state.selecting(1));
      case PAGE_UP -> Next.of(state.scrolledBy(-PAGE));
      case PAGE_DOWN -> Next.of(state.scrolledBy(PAGE));
      case HELP -> Next.of(state.with(new Dialog.Help(0)));
      case DRY_RUN -> open(state, new Dialog.DryRun());
      case SWITCHOVER -> choose(state, false, false);
      case FAILOVER -> choose(state, true, false);
      case MAINTENANCE ->
          state
              .cursor()
              .map(s -> ask(state, new Order.Maintenance(s.name(), !s.maintenance()), false))
              .orElse(Next.of(state));
      case PAUSE ->
          state
              .sight()
              .map(s -> ask(state, new Order.Pause(s.paused().isEmpty()), false))
              .orElse(Next.of(state));
      case READ_ONLY ->
          state
              .cursor()
              .map(s -> ask(state, new Order.ReadOnly(s.name(), s.writable().orElse(true)), false))
              .orElse(Next.of(state));
      case ALL_READ_ONLY -> ask(state, new Order.ReadOnly("", true), false);
      case ALL_READ_WRITE -> ask(state, new Order.ReadOnly("", false), false);
      case QUIT -> quit(state);
      case ENTER -> state.busy().map(o -> reopen(state, o)).orElse(Next.of(state));
      case CANCEL, YES, FORCED_YES, NO, FORCE, REDRAW, OTHER -> Next.of(state);
    };
  }

  private static Next reopen(State state, Order order) {
    return Next.of(state.with(new Dialog.Working(order, state.progress())));
  }

  private Next quit(State state) {
    if (alone && state.busy().isPresent()) {
      return Next.of(
          state.with(
              new Dialog.Message(
                  state.busy().get().words()
                      + " is at work here; it has to end before the console can.")));
    }
    return Next.of(state, new Effect.Quit());
  }

  private static Next open(State state, Dialog dialog) {
    if (state.busy().isPresent()) {
      return Next.of(
          state.with(
              new Dialog.Message(
                  state.busy().get().words() + " is still at work; Enter shows how far it is.")));
    }
    if (state.sight().isEmpty()) {
      return Next.of(state.with(new Dialog.Message("Nothing was seen of the cluster yet.")));
    }
    return Next.of(state.with(dialog));
  }

  private Next ask(State state, Order order, boolean dry) {
    String why = refusal.apply(order);
    if (!why.isEmpty()) {
      return Next.of(state.with(new Dialog.Message(why)));
    }
    Next next = open(state, new Dialog.Asking(order, dry, reign(state)));
    return next.state().dialog() instanceof Dialog.Asking
        ? Next.of(next.state(), new Effect.Plan(order))
        : next;
  }

  private static Next dryRun(State state, Key key) {
    return switch (key) {
      case SWITCHOVER -> choose(state, false, true);
      case FAILOVER -> choose(state, true, true);
      default -> close(state);
    };
  }

  private static Next choose(State state, boolean failover, boolean dry) {
    List<String> choices = new ArrayList<>(List.of(""));
    state
        .sight()
        .ifPresent(sight ->
            sight.servers().stream()
                .filter(s -> !s.primary())
                .map(Sight.Server::name)
                .forEach(choices::add));
    // The cursor often stands on the server that is meant; the choice still is the user's.
    int index = Math.max(0, choices.indexOf(state.selected()));
    return open(state, new Dialog.Choose(failover, dry, choices, index));
  }

  private Next choose(State state, Dialog.Choose choose, Key key) {
    int step = key == Key.UP ? -1 : key == Key.DOWN ? 1 : 0;
    if (step != 0) {
      int index = Math.clamp((long) choose.index() + step, 0, choose.choices().size() - 1);
      return Next.of(
          state.with(new Dialog.Choose(choose.failover(), choose.dry(), choose.choices(), index)));
    }
    return switch (key) {
      case ENTER -> ask(state, choose.order(), choose.dry());
      case CANCEL, QUIT, NO -> close(state);
      default -> Next.of(state);
    };
  }

  private Next plan(State state, Dialog.Plan plan, Key key) {
    if (plan.asks() && agreed(plan.order(), key)) {
      return Next.of(state.working(plan.order()), new Effect.CarryOut(plan.order()));
    }
    if (plan.canBeForced() && key == Key.FORCE) {
      return ask(state, plan.order().forced(), plan.dry());
    }
    return text(
        state,
        key,
        s -> new Dialog.Plan(plan.order(), plan.dry(), plan.answer(), plan.reign(), s),
        plan.scroll());
  }

  /** What gives up a guarantee takes a key that nobody strikes by habit. */
  private static boolean agreed(Order order, Key key) {
    return key == Key.FORCED_YES || (key == Key.YES && !order.givesUp());
  }

  /** A text can be scrolled; any other key that means "enough" closes it. */
  private static Next text(State state, Key key, Function<Integer, Dialog> at, int scroll) {
    int end = DialogText.of(state).size();
    int now = Math.min(scroll, end);
    return switch (key) {
      case UP -> Next.of(state.with(at.apply(Math.max(0, now - 1))));
      case DOWN -> Next.of(state.with(at.apply(Math.min(end, now + 1))));
      case PAGE_UP -> Next.of(state.with(at.apply(Math.max(0, now - PAGE))));
      case PAGE_DOWN -> Next.of(state.with(at.apply(Math.min(end, now + PAGE))));
      case CANCEL, NO, ENTER, QUIT, HELP -> close(state);
      default -> Next.of(state);
    };
  }
}
