package dev.regent.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.cli.console.Backend.Answer.Result;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class ErrandsTest {
  private static final Order ORDER = new Order.Switchover("db2", false);

  /** A console that still waited for it could not be quit. */
  @Test
  @Timeout(30)
  void whatBreaksIsToldAsAFailure() throws InterruptedException {
    BlockingQueue<Happening> told = new LinkedBlockingQueue<>();
    Errands errands = new Errands(new Broken(), told::add);
    errands.plan(ORDER);
    Happening.Planned planned = (Happening.Planned) told.take();
    assertThat(planned.order()).isEqualTo(ORDER);
    assertThat(planned.answer().result()).isEqualTo(Result.FAILED);
    assertThat(planned.answer().lines().getFirst()).contains("no plan");
    errands.carryOut(ORDER);
    assertThat(told.take()).isEqualTo(new Happening.Progress("begun"));
    Happening.Ended ended = (Happening.Ended) told.take();
    assertThat(ended.answer().result()).isEqualTo(Result.FAILED);
    assertThat(ended.answer().lines().getFirst()).contains("broken");
  }

  /** Else a terminal that takes nothing stops a role change half-way. */
  @Test
  @Timeout(30)
  void whoActsNeverWaitsForTheTerminal() throws InterruptedException {
    Inbox inbox = new Inbox();
    for (int i = 0; i <= Inbox.HAPPENINGS_MAX; i++) {
      inbox.post(new Happening.Progress("step " + i));
    }
    assertThat(inbox.next(0)).contains(new Happening.Progress("step 0"));
  }

  @Test
  @Timeout(30)
  void looksThatNobodySeesLeaveRoomForWhatIsToldOnce() throws InterruptedException {
    Inbox inbox = new Inbox();
    for (int i = 0; i <= Inbox.HAPPENINGS_MAX; i++) {
      inbox.post(new Happening.Seen(Sights.healthy()));
    }
    Happening.Ended ended = new Happening.Ended(ORDER, new Backend.Answer(Result.DONE, List.of()));
    inbox.post(ended);
    Happening last = inbox.next(0).orElseThrow();
    while (last instanceof Happening.Seen) {
      last = inbox.next(0).orElseThrow();
    }
    assertThat(last).isEqualTo(ended);
  }

  private static final class Broken implements Backend {
    @Override
    public void watch(Consumer<Happening> listener) {}

    @Override
    public Answer plan(Order order) {
      throw new IllegalStateException("no plan");
    }

    @Override
    public Answer carryOut(Order order, Consumer<String> progress) {
      progress.accept("begun");
      throw new IllegalStateException("broken");
    }

    @Override
    public String refusal(Order order) {
      return "";
    }

    @Override
    public void close() {}
  }
}
