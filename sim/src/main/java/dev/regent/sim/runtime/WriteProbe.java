package dev.regent.sim.runtime;

import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.mariadb.Account;
import dev.regent.sim.mariadb.Link;
import dev.regent.sim.mariadb.Reply;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.mariadb.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes one row to see whether the server can, over a connection of its own. */
final class WriteProbe {
  private static final long INTERVAL = Kernel.SECOND;
  private static final long PAUSE_MAX = 60 * Kernel.SECOND;
  private static final long LIMIT = 2 * Kernel.SECOND;

  private final SimServer server;
  private final SimProcess manager;
  private Optional<String> complaint = Optional.empty();
  private @Nullable Link link;
  private boolean busy;
  private long pause = INTERVAL;

  WriteProbe(SimServer server, SimProcess manager) {
    this.server = server;
    this.manager = manager;
  }

  Optional<String> complaint() {
    return complaint;
  }

  /** The primary answered a probe: a moment at which a write makes sense. */
  void mayWrite() {
    if (busy) {
      return;
    }
    busy = true;
    Link kept = link;
    if (kept != null && kept.usable()) {
      write(kept);
    } else {
      Link.dial(manager, server, Account.MANAGER, LIMIT, this::dialed);
    }
  }

  private void dialed(Reply<Link> reply) {
    if (reply instanceof Reply.Done<Link> d) {
      link = d.value();
      write(d.value());
    } else {
      ended("no connection");
    }
  }

  private void write(Link over) {
    over.run(
        new Statement.WriteLocal(() -> {}),
        LIMIT,
        reply -> {
          if (reply.done()) {
            complaint = Optional.empty();
            pause = INTERVAL;
            rest();
          } else {
            ended("no answer in time");
          }
        });
  }

  private void ended(String why) {
    complaint = Optional.of(why);
    pause = Math.min(2 * pause, PAUSE_MAX);
    rest();
  }

  private void rest() {
    manager.after(pause, () -> busy = false);
  }
}
