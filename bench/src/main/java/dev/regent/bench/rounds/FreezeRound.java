package dev.regent.bench.rounds;

import dev.regent.bench.measure.Calibration;
import dev.regent.bench.measure.Report;
import dev.regent.bench.measure.Story;
import dev.regent.core.model.GtidState;
import dev.regent.lab.arena.Arena;
import dev.regent.lab.arena.Audit;
import dev.regent.lab.arena.AuditLine;
import dev.regent.lab.arena.Load;
import dev.regent.lab.arena.Moments;
import dev.regent.lab.arena.Waiting;
import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.daemon.DaemonClient;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.load.Endpoint;
import dev.regent.lab.load.Ledger;
import dev.regent.lab.load.LedgerOptions;
import dev.regent.lab.load.LedgerReport;
import dev.regent.lab.machine.LabException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Freezes the primary, waits for the new one, thaws the old one.
 *
 * <p>Two sorts of clients write: some follow the daemon's word and give up a silent server after a
 * second; the stubborn ones know only the old primary and wait for it, so that they are the first
 * to write when it thaws.
 */
final class FreezeRound {
  private static final Duration GIVE_UP = Duration.ofSeconds(1);
  private static final Duration STUBBORN = Duration.ofSeconds(15);
  private static final int STUBBORN_CLIENTS = 2;
  private static final int STUBBORN_RATE = 50;
  private static final int STUBBORN_FIRST = 100;
  private static final Duration SETTLE = Duration.ofSeconds(2);
  private static final Duration FENCED_WITHIN = Duration.ofSeconds(10);
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(30);

  private final FreezeCase of;
  private final Calibration calibration;

  /**
   * @param toPrimaryMillis from SIGSTOP until the daemon's word of an open new primary
   * @param writeGapMillis what the clients that follow saw; -1 if nobody wrote
   * @param fencedMillis from SIGCONT until read_only; -1 if not within ten seconds
   * @param reported whether an event says that the old one was fenced
   * @param account the daemon's exact count of what only the old primary has; -1 if it gave none
   * @param truth the same, from both servers' binary log states
   * @param story for the case that something did not hold
   */
  record Result(
      double heartbeatSeconds,
      double toPrimaryMillis,
      double writeGapMillis,
      double fencedMillis,
      boolean reported,
      long account,
      long truth,
      int acknowledged,
      int lost,
      Report.Section story) {

    boolean closed() {
      return fencedMillis >= 0 && reported;
    }

    boolean accounted() {
      return account == truth;
    }
  }

  FreezeRound(FreezeCase of, Calibration calibration) {
    this.of = of;
    this.calibration = calibration;
  }

  Result run() throws IOException, InterruptedException {
    LabOptions lab = Clusters.usual("freeze").withConfig("slave_net_timeout=60");
    try (Arena arena = Arena.open(lab, options())) {
      arena.awaitWhole();
      if (of.ownHeartbeat()) {
        moveOnce(arena);
      }
      return freeze(arena);
    } catch (SQLException e) {
      throw new IOException("a server could not be asked", e);
    }
  }

  private DaemonOptions options() {
    DaemonOptions options = Arena.tireless(of.profile());
    return of.ownHeartbeat() ? options : options.with("replication", "heartbeat = \"0s\"");
  }

  /** A role change, after which every replica is as Regent points it. */
  private static void moveOnce(Arena arena) throws IOException {
    long epoch = arena.feed().epoch();
    DaemonClient.Answer answer = arena.daemon().client().run("switchover", "");
    if (answer.exit() != 0) {
      throw arena.failed("the first switchover was refused: " + answer.text());
    }
    arena.awaitChange(epoch);
    arena.awaitWhole();
  }

  private Result freeze(Arena arena) throws IOException, InterruptedException, SQLException {
    LabServer old = arena.primary();
    double heartbeat =
        Double.parseDouble(
            arena
                .others()
                .getFirst()
                .rows("SHOW ALL SLAVES STATUS")
                .getFirst()
                .getOrDefault("Slave_heartbeat_period", "0"));
    List<Ledger> ledgers = of.load() ? startClients(arena, old) : List.of();
    try {
      Waiting.pass(SETTLE);
      Audit.Mark mark = arena.audit().mark();
      long epoch = arena.feed().epoch();
      calibration.begin();
      long frozen = old.freeze();
      LabServer next = arena.awaitChange(epoch);
      double toPrimary = (System.nanoTime() - frozen) / 1e6;
      calibration.end();
      if (of.load()) {
        arena.awaitWrites(Load.USUAL.ratePerSecond());
      }
      long thawed = old.thaw();
      double fenced = awaitFenced(old, thawed);
      Waiting.until(
          TOLD_WITHIN,
          Duration.ofMillis(100),
          () -> Audit.exactLoss(arena.audit().since(mark)).isPresent());
      List<AuditLine> told = arena.audit().since(mark);
      OptionalLong account = Audit.exactLoss(told);
      ledgers.forEach(Ledger::close);
      double gap = gap(ledgers, frozen);
      long truth = onlyOn(old, next);
      int acknowledged = 0;
      int lost = 0;
      for (Ledger ledger : ledgers) {
        LedgerReport.Verdict verdict = against(ledger, next);
        acknowledged += verdict.acknowledged();
        lost += verdict.lost().size();
      }
      return new Result(
          heartbeat,
          toPrimary,
          gap,
          fenced,
          saysFenced(told, old),
          account.orElse(-1),
          truth,
          acknowledged,
          lost,
          Story.of(
              "What the daemon told after the thaw, " + of.name(),
              told,
              Moments.at(thawed).millis(),
              Double.MAX_VALUE));
    } finally {
      ledgers.forEach(Ledger::close);
      old.thaw();
    }
  }

  private static List<Ledger> startClients(Arena arena, LabServer old) {
    Accounts.Account app = arena.cluster().accounts().app();
    LedgerOptions following =
        LedgerOptions.of(
                app.user(), app.password(), Load.USUAL.clients(), Load.USUAL.ratePerSecond())
            .withTimeouts(GIVE_UP, GIVE_UP);
    LedgerOptions stubborn =
        LedgerOptions.of(app.user(), app.password(), STUBBORN_CLIENTS, STUBBORN_RATE)
            .withFirstClient(STUBBORN_FIRST)
            .withTimeouts(GIVE_UP, STUBBORN);
    Endpoint home = Endpoint.parse(old.address());
    List<Ledger> ledgers = new ArrayList<>();
    ledgers.add(Ledger.start(following, arena.feed()));
    ledgers.add(Ledger.start(stubborn, () -> Optional.of(home)));
    return ledgers;
  }

  private static double awaitFenced(LabServer old, long thawed) throws IOException {
    boolean fenced = Waiting.until(FENCED_WITHIN, Duration.ofMillis(5), () -> isClosed(old));
    return fenced ? (System.nanoTime() - thawed) / 1e6 : -1;
  }

  /** The fence may end the connection that looks. */
  private static boolean isClosed(LabServer server) {
    try {
      return !server.value("SELECT @@global.read_only").equals("0");
    } catch (LabException e) {
      return false;
    }
  }

  /** What the following clients saw. */
  private static double gap(List<Ledger> ledgers, long frozen) {
    return ledgers.stream()
        .findFirst()
        .flatMap(l -> l.report().longestGapAfter(frozen))
        .map(g -> g.length().toNanos() / 1e6)
        .orElse(-1.0);
  }

  private static boolean saysFenced(List<AuditLine> told, LabServer old) {
    return told.stream()
        .filter(l -> l.is("StepEnded") && l.server().equals(old.name()))
        .filter(l -> l.data().path("outcome").asString("").equals("done"))
        .anyMatch(l -> l.data().path("step").asString("").startsWith("fence returned server"));
  }

  private static long onlyOn(LabServer old, LabServer next) {
    return state(old).beyond(state(next)).stream().mapToLong(GtidState.Range::count).sum();
  }

  private static GtidState state(LabServer server) {
    return GtidState.parse(server.value("SELECT @@gtid_binlog_state"));
  }

  private static LedgerReport.Verdict against(Ledger ledger, LabServer server) throws SQLException {
    try (Connection connection = server.connect(server.accounts().root())) {
      return ledger.report().against(connection);
    }
  }
}
