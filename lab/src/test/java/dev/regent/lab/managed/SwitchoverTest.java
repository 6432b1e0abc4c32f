package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.daemon.DaemonClient;
import dev.regent.lab.load.Ledger;
import dev.regent.lab.load.LedgerReport;
import dev.regent.lab.load.Write;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("real")
class SwitchoverTest {

  @ParameterizedTest
  @ValueSource(strings = {"available", "safe"})
  void thereAndBackUnderLoadLosesNothing(String profile) throws SQLException {
    try (Managed managed = Managed.start(3, profile)) {
      if (profile.equals("safe")) {
        managed.safeNow();
      }
      Ledger ledger = managed.load(4, 200);
      for (int to : new int[] {2, 1}) {
        if (profile.equals("safe")) {
          managed.safeNow();
        }
        managed.follows(to, 3 - to);
        DaemonClient.Answer answer = managed.order("switchover", "\"to\":\"server" + to + "\"");
        assertThat(answer.exit()).as(answer.text()).isZero();
        managed.primaryIs(to);
        managed.follows(3, to);
        managed.follows(3 - to, to);
      }
      LedgerReport report = ledger.stop();
      managed.cluster().awaitCaughtUp(managed.server(2), managed.server(1));
      for (int i = 1; i <= 2; i++) {
        try (Connection c = managed.server(i).connect(managed.cluster().accounts().root())) {
          assertThat(report.against(c).lost()).isEmpty();
        }
      }
      assertThat(managed.writableServers()).containsExactly(1);
    }
  }

  @Test
  void longTransactionIsAReasonToHoldAndWritesGoOn() throws SQLException {
    try (Managed managed = Managed.start(3, "available");
        Connection longOne = managed.server(1).connect(managed.cluster().accounts().app());
        Statement statement = longOne.createStatement()) {
      longOne.setAutoCommit(false);
      statement.executeUpdate("INSERT INTO shop.orders VALUES (1, 0, 0, 'open')");
      managed.eventually(
          "the transaction counts as long",
          () ->
              !managed
                  .server(1)
                  .rows(
                      "SELECT 1 FROM information_schema.innodb_trx"
                          + " WHERE trx_started < NOW() - INTERVAL 11 SECOND")
                  .isEmpty());
      Ledger ledger = managed.load(2, 100);
      DaemonClient.Answer answer = managed.order("switchover", "");
      assertThat(answer.exit()).isEqualTo(3);
      assertThat(answer.text()).contains("transaction");
      long before = ledger.report().count(Write.Outcome.OK);
      managed.eventually(
          "writes go on", () -> ledger.report().count(Write.Outcome.OK) > before + 20);
      assertThat(ledger.stop().count(Write.Outcome.FAIL)).isZero();
      assertThat(managed.writableServers()).containsExactly(1);
    }
  }

  @Test
  void dryRunShowsEveryStepAndTouchesNothing() {
    try (Managed managed = Managed.start(3, "available")) {
      managed.follows(2, 1);
      DaemonClient.Answer answer =
          managed.order("switchover", "\"to\":\"server2\",\"dryRun\":true");
      assertThat(answer.text())
          .contains("FLUSH TABLES WITH READ LOCK")
          .contains("SET GLOBAL read_only=0")
          .contains("CHANGE MASTER")
          .doesNotContain(managed.cluster().accounts().repl().password());
      assertThat(managed.writableServers()).containsExactly(1);
    }
  }
}
