package dev.regent.server.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.control.Effect;
import dev.regent.core.control.Event;
import dev.regent.core.model.RoutingTable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  private static final Duration GENEROUS = Duration.ofSeconds(60);

  private final List<String> ends = new CopyOnWriteArrayList<>();

  @Test
  void takesEffectsAndEnds() throws InterruptedException {
    ended(effects -> {
      effects.accept(new Effect.Tell(new Event.Trouble(1, "a\nb")));
      effects.accept(new Effect.Publish(RoutingTable.closed()));
      effects.accept(
          new Effect.Store(List.of(), true, List.of(new Effect.Tell(new Event.Trouble(2, "c")))));
      ends.add("played");
    });
    assertThat(ends).containsExactly("played");
  }

  @Test
  void playThatBreaksHarmsNobody() throws InterruptedException {
    ended(effects -> {
      Thread.currentThread()
          .setUncaughtExceptionHandler((who, failure) -> ends.add("uncaught " + failure));
      throw new IllegalStateException("a broken promise");
    });
    assertThat(ends).isEmpty();
  }

  private static void ended(Rehearsal.Play play) throws InterruptedException {
    assertThat(Rehearsal.begin(play).join(GENEROUS)).isTrue();
  }
}
