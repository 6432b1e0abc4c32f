package dev.regent.bench.rounds;

import dev.regent.lab.arena.Arena;
import dev.regent.lab.arena.Waiting;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.cluster.Sql;
import dev.regent.lab.daemon.DaemonClient;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Switchovers that must be refused, or undone, with the old primary writing on. */
final class Refusals {
  /** What the daemon of {@link SwitchoverBench} is told to call long, and some. */
  private static final Duration LONG = Duration.ofMillis(3_200);

  private static final int WRITES_AFTER = 60;

  /** Exit codes of the daemon: held or refused; tried and failed. */
  private static final int HELD = 3;

  private static final int FAILED = 4;

  private final Arena arena;

  /** One attempt; whether it ended as it must is judged from role, order's answer and writes. */
  record Refused(String what, boolean asExpected, long beganNanos, long endedNanos, String said) {}

  Refusals(Arena arena) {
    this.arena = arena;
  }

  /** Refused before anything is touched: somebody has a transaction open. */
  Refused longTransaction() throws IOException {
    LabServer primary = arena.primary();
    try (Connection client = primary.connect(arena.cluster().accounts().app())) {
      client.setAutoCommit(false);
      Sql.execute(
          client, "INSERT INTO shop.orders (id, client, seq, payload) VALUES (-1, 0, 1, 'open')");
      Waiting.pass(LONG);
      Refused refused = attempt("refused: a transaction is open on the primary", "");
      client.rollback();
      return refused;
    } catch (SQLException e) {
      throw new IOException("the open transaction on " + primary.name() + " failed", e);
    }
  }

  /** Undone half-way: the candidate cannot apply what it received. */
  Refused candidateStuck() throws IOException {
    LabServer candidate = arena.others().getFirst();
    try (Connection blocker = candidate.connect(arena.cluster().accounts().root())) {
      Sql.execute(blocker, "LOCK TABLES shop.orders READ");
      try {
        return attempt(
            "undone: the candidate cannot apply what it received",
            "\"to\":\"" + candidate.name() + "\"");
      } finally {
        Sql.execute(blocker, "UNLOCK TABLES");
      }
    } catch (SQLException e) {
      throw new IOException("the lock on " + candidate.name() + " failed", e);
    }
  }

  private Refused attempt(String what, String arguments) throws IOException {
    LabServer primary = arena.primary();
    long epoch = arena.feed().epoch();
    long began = System.nanoTime();
    DaemonClient.Answer answer = arena.daemon().client().run("switchover", arguments);
    arena.awaitWrites(WRITES_AFTER);
    long ended = System.nanoTime();
    boolean expected =
        (answer.exit() == HELD || answer.exit() == FAILED)
            && arena.feed().epoch() == epoch
            && arena.primary().name().equals(primary.name());
    return new Refused(what, expected, began, ended, answer.text());
  }
}
