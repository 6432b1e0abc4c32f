package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.daemon.DaemonClient;
import dev.regent.lab.load.Ledger;
import dev.regent.lab.load.LedgerReport;
import dev.regent.lab.load.Write;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("real")
class FailoverTest {

  @ParameterizedTest
  @ValueSource(strings = {"async", "available", "safe"})
  void killedPrimaryIsReplacedUnderLoad(String profile) throws SQLException {
    try (Managed managed = Managed.start(3, profile)) {
      if (profile.equals("safe")) {
        managed.safeNow();
      }
      Ledger ledger = managed.load(4, 200);
      long epoch = managed.feed().epoch();
      managed.server(1).kill();
      managed.eventually(
          "a new primary",
          () -> managed.feed().epoch() > epoch && managed.feed().get().isPresent());
      int winner = managed.feed().get().orElseThrow().port() == managed.server(2).port() ? 2 : 3;
      managed.follows(5 - winner, winner);
      long before = ledger.report().count(Write.Outcome.OK);
      managed.eventually(
          "writes flow again", () -> ledger.report().count(Write.Outcome.OK) > before + 50);
      LedgerReport report = ledger.stop();
      assertThat(managed.writableServers()).containsExactly(winner);
      if (profile.equals("safe")) {
        assertThat(lost(managed, winner, report)).isZero();
      }
      // The old primary returns: fenced, then attached or held with its errant transactions.
      managed.server(1).start().awaitReady();
      managed.eventually(
          "server1 is back or held",
          () ->
              managed.events().contains("server1 is whole")
                  || managed.events().contains("server1 is held out"));
      assertThat(managed.writable(1)).isFalse();
      assertThat(account(managed)).isEqualTo(onlyOn(managed, 1, winner));
    }
  }

  /** Rows that the old primary has and the new one lacks: one transaction each. */
  private static long onlyOn(Managed managed, int old, int winner) {
    var there = managed.server(winner).rows("SELECT id FROM shop.orders");
    return managed.server(old).rows("SELECT id FROM shop.orders").stream()
        .filter(r -> !there.contains(r))
        .count();
  }

  private static long account(Managed managed) {
    var matcher =
        java.util.regex.Pattern.compile("exactly (\\d+) transactions").matcher(managed.events());
    return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
  }

  private static int lost(Managed managed, int winner, LedgerReport report) throws SQLException {
    LabServer server = managed.server(winner);
    try (Connection connection = server.connect(managed.cluster().accounts().root())) {
      return report.against(connection).lost().size();
    }
  }

  @Test
  void unreachableSyncMemberIsNamedAndOnlyForceGoesOn() {
    try (Managed managed = Managed.start(3, "safe")) {
      managed.safeNow();
      managed.server(3).kill();
      managed.diagnosed("SyncMemberSilent");
      long epoch = managed.feed().epoch();
      managed.server(1).kill();
      managed.eventually(
          "a hold that names server3",
          () -> managed.order("explain", "").text().contains("sync member server3"));
      managed.throughout(
          Duration.ofSeconds(3), "no promotion", () -> managed.feed().epoch() == epoch);
      DaemonClient.Answer refused = managed.order("failover", "");
      assertThat(refused.exit()).isEqualTo(3);
      assertThat(refused.text()).contains("server3");
      DaemonClient.Answer forced = managed.order("failover", "\"force\":true");
      assertThat(forced.text()).contains("lost");
      assertThat(forced.exit()).isZero();
      managed.primaryIs(2);
    }
  }

  @Test
  void frozenPrimaryIsReplacedAndFencedWhenItThaws() {
    try (Managed managed = Managed.start(3, "available")) {
      long epoch = managed.feed().epoch();
      managed.server(1).freeze();
      managed.eventually(
          "a new primary",
          () -> managed.feed().epoch() > epoch && managed.feed().get().isPresent());
      managed.server(1).thaw();
      managed.eventually("the thawed server is fenced", () -> !managed.writable(1));
      managed.eventually(
          "it is back",
          () ->
              managed.events().contains("server1 is whole")
                  || managed.events().contains("server1 is held out"));
      assertThat(managed.writableServers()).hasSize(1);
    }
  }

  @Test
  void wholeClusterOutageGivesTheRoleBackWithoutLoss() throws SQLException {
    try (Managed managed = Managed.start(3, "safe")) {
      managed.safeNow();
      Ledger ledger = managed.load(4, 200);
      managed.cluster().servers().forEach(LabServer::kill);
      LedgerReport report = ledger.stop();
      managed.cluster().servers().forEach(s -> s.start().awaitReady());
      long epoch = 1;
      managed.eventually(
          "somebody is primary again",
          () -> managed.feed().epoch() > epoch && managed.feed().get().isPresent());
      managed.eventually("one is writable", () -> managed.writableServers().size() == 1);
      assertThat(lost(managed, managed.writableServers().getFirst(), report)).isZero();
    }
  }

  @Test
  void managerThatStartsLateFailsOverFromWhatItsPredecessorSaw() {
    try (Managed managed = Managed.start(3, "available")) {
      managed.eventually(
          "sightings are stored", () -> managed.order("status", "").text().contains("server3"));
      managed.throughout(Duration.ofSeconds(3), "all is well", () -> managed.writable(1));
      managed.daemon().stop();
      managed.server(1).kill();
      managed.restartDaemon();
      managed.eventually(
          "a new primary", () -> managed.feed().epoch() > 1 && managed.feed().get().isPresent());
      assertThat(managed.writableServers()).hasSize(1);
    }
  }

  @Test
  void rowsOnlyInRelayLogsOfStoppedReplicasAreKept() throws SQLException {
    try (Managed managed = Managed.start(3, "safe")) {
      managed.safeNow();
      for (int i = 2; i <= 3; i++) {
        managed.server(i).execute("STOP SLAVE SQL_THREAD");
      }
      Ledger ledger = managed.load(2, 100);
      managed.server(1).kill();
      managed.eventually(
          "a new primary", () -> managed.feed().epoch() > 1 && managed.feed().get().isPresent());
      LedgerReport report = ledger.stop();
      assertThat(lost(managed, managed.writableServers().getFirst(), report)).isZero();
    }
  }
}
