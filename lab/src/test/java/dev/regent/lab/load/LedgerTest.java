package dev.regent.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.lab.cluster.ClusterExtension;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.load.Write.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("real")
class LedgerTest {
  @RegisterExtension
  final ClusterExtension lab = ClusterExtension.with(LabOptions.of(2).withSemiSync());

  private final AtomicReference<Optional<Endpoint>> primary = new AtomicReference<>();

  @Test
  void accountsForAFailoverByHand() throws SQLException {
    goTo(lab.server(1));
    try (Ledger ledger = start()) {
      await().until(() -> ledger.report().count(Outcome.OK) > 50);

      long moment = lab.server(1).kill();
      await().until(() -> ledger.report().count(Outcome.FAIL) > 0);
      lab.server(2).execute("STOP SLAVE", "RESET SLAVE ALL", "SET GLOBAL read_only=0");
      goTo(lab.server(2));
      await().until(() -> ledger.report().longestGapAfter(moment).isPresent());
      long atPromotion = ledger.report().count(Outcome.OK);
      await().until(() -> ledger.report().count(Outcome.OK) > atPromotion + 50);

      LedgerReport report = ledger.stop();
      try (Connection connection = lab.server(2).connect(lab.cluster().accounts().app())) {
        LedgerReport.Verdict verdict = report.against(connection);
        assertThat(verdict.acknowledged()).isGreaterThan(100);
        assertThat(verdict.lost()).isEmpty();
        assertThat(verdict.failedPresent()).isEmpty();
      }
      assertThat(report.longestGapAfter(moment).orElseThrow().length().toMillis())
          .isBetween(1L, 30_000L);
    }
  }

  @Test
  void refusedWriteIsAFailureAndAMissingPrimaryIsAwaited() {
    primary.set(Optional.empty());
    try (Ledger ledger = start()) {
      goTo(lab.server(2));
      await().until(() -> ledger.report().count(Outcome.FAIL) > 3);
      LedgerReport report = ledger.stop();
      assertThat(report.count(Outcome.OK)).isZero();
      assertThat(report.count(Outcome.UNKNOWN)).isZero();
      assertThat(report.of(Outcome.FAIL)).allMatch(write -> write.error().startsWith("1290 "));
    }
  }

  @Test
  void pausedClientsWriteNothingAndEveryAnswerIsNewsOnce() {
    goTo(lab.server(1));
    try (Ledger ledger = start()) {
      await().until(() -> ledger.report().count(Outcome.OK) > 50);

      assertThat(ledger.pause()).isZero();
      LedgerReport first = ledger.reportNews();
      String rows = lab.server(1).value("SELECT COUNT(*) FROM shop.orders");
      assertThat(first.writes()).hasSize(Integer.parseInt(rows));
      assertThat(first.writes()).allMatch(w -> w.server().endsWith(":" + lab.server(1).port()));

      ledger.resume();
      await().until(() -> ledger.report().count(Outcome.OK) > first.writes().size() + 50);
      ledger.pause();
      LedgerReport second = ledger.reportNews();
      assertThat(second.writes()).doesNotContainAnyElementsOf(first.writes());
      assertThat(first.writes().size() + second.writes().size())
          .isEqualTo(ledger.stop().writes().size());
    }
  }

  private Ledger start() {
    String password = lab.cluster().accounts().app().password();
    return Ledger.start(LedgerOptions.of("app", password, 4, 400), primary::get);
  }

  private void goTo(LabServer server) {
    primary.set(Optional.of(new Endpoint("127.0.0.1", server.port())));
  }
}
