package dev.regent.server.daemon;

import dev.regent.core.control.Effect;
import dev.regent.server.render.Told;
import dev.regent.server.store.AuditTrail;
import dev.regent.server.store.Json;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Role changes that are only played, soon after the start and before the first real one. A virtual
 * machine that has never seen one loads and interprets, while clients wait, what it does in one,
 * and in the same moment throws away what it had compiled for days without one (measured on two
 * processors: 30 to 60 ms of each of them went there, in a pause of 100). So somebody plays some on
 * servers that do not exist, and what this daemon does with the effects, short of acting, is done.
 *
 * <p>No server, file or client is touched, nothing waits for it, and if it breaks off, all else
 * goes on.
 */
public final class Rehearsal {
  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  /** Plays, and hands over each effect of the controller; returns when that was enough. */
  @FunctionalInterface
  public interface Play {
    void play(Consumer<Effect> effects);
  }

  private Rehearsal() {}

  /** Begins on a thread of its own, which gives way to all others, and returns at once. */
  // Nothing depends on it; where the launcher lets priorities count, others are not kept waiting.
  @SuppressWarnings("ThreadPriorityCheck")
  public static Thread begin(Play play) {
    return Thread.ofPlatform()
        .daemon()
        .name("rehearsal")
        .priority(Thread.MIN_PRIORITY)
        .start(() -> run(play));
  }

  private static void run(Play play) {
    try {
      play.play(Rehearsal::perform);
    } catch (RuntimeException e) {
      LOG.warn("the rehearsal broke off; the first role change will take longer", e);
    }
    // Its clusters are garbage; a daemon's heap has no other reason to be that large.
    System.gc();
  }

  private static void perform(Effect effect) {
    switch (effect) {
      case Effect.Store e -> {
        e.entries().forEach(Json::write);
        e.then().forEach(Rehearsal::perform);
      }
      case Effect.Tell e -> Told.parse(AuditTrail.line("rehearsal", e.event()));
      case Effect.Publish e -> {}
      case Effect.Execute e -> {}
      case Effect.ProbeNow e -> {}
      case Effect.Show e -> {}
      case Effect.Answer e -> {}
    }
  }
}
