package dev.regent.lab.check;

import dev.regent.lab.check.Glimpse.Access;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.cluster.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at every server all the time, from outside: does it take writes? One thread and one
 * connection per server. A server that does not answer is waited for, not asked again: its kernel
 * counts every connection that is given up, and in the end lets nobody in (physics 1).
 */
public final class Onlooker implements AutoCloseable {
  /** Two servers that are open together for longer than this cannot escape. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  /** Longer than any server is frozen here. */
  private static final int PATIENCE_MILLIS = 120_000;

  /** An hour of one server; more is a round that has run away. */
  private static final int GLIMPSES_MAX = 200_000;

  private final List<Thread> threads = new ArrayList<>();

  /** Guarded by itself. */
  private final List<Glimpse> glimpses = new ArrayList<>();

  private volatile boolean closed;

  private Onlooker() {}

  public static Onlooker over(List<LabServer> servers) {
    Onlooker onlooker = new Onlooker();
    for (LabServer server : servers) {
      onlooker.threads.add(
          Thread.ofVirtual().name("look-" + server.name()).start(() -> onlooker.watch(server)));
    }
    return onlooker;
  }

  /** What was seen since this was asked last. */
  public List<Glimpse> take() {
    synchronized (glimpses) {
      List<Glimpse> taken = List.copyOf(glimpses);
      glimpses.clear();
      return taken;
    }
  }

  private void watch(LabServer server) {
    Optional<Connection> connection = Optional.empty();
    while (!closed) {
      long asked = System.nanoTime();
      Access access;
      try {
        if (connection.isEmpty()) {
          connection =
              Optional.of(
                  server.connect(server.accounts().root(), PATIENCE_MILLIS, PATIENCE_MILLIS));
          asked = System.nanoTime();
        }
        access =
            Sql.value(connection.get(), "SELECT @@global.read_only").equals("0")
                ? Access.OPEN
                : Access.CLOSED;
      } catch (SQLException e) {
        connection.ifPresent(Onlooker::leave);
        connection = Optional.empty();
        access = Access.SILENT;
      }
      note(new Glimpse(server.name(), asked, System.nanoTime(), access));
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
    connection.ifPresent(Onlooker::leave);
  }

  private void note(Glimpse glimpse) {
    synchronized (glimpses) {
      if (glimpses.size() < GLIMPSES_MAX) {
        glimpses.add(glimpse);
      }
    }
  }

  private static void leave(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // It is broken, which is why we leave it.
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }
}
