package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.load.Ledger;
import dev.regent.lab.load.LedgerOptions;
import dev.regent.lab.load.LedgerReport;
import dev.regent.lab.load.Write.Outcome;
import dev.regent.lab.net.NeedsNamespaces;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every party on a machine of its own, as far as the network goes, and the network parted. */
@Tag("real")
@ExtendWith(NeedsNamespaces.class)
class PartitionTest {
  /** Twice what the manager takes for death if nobody contradicts. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(4);

  private static Managed start(String profile) {
    LabOptions lab = LabOptions.of(3).inNamespaces().withHeartbeat(Duration.ofMillis(500));
    DaemonOptions manager = DaemonOptions.of(profile).with("detect", "silence = \"2s\"");
    Managed managed = Managed.start(lab, manager);
    managed.follows(2, 1);
    managed.follows(3, 1);
    return managed;
  }

  /** Clients that give up soon: nobody answers from the far side of a partition. */
  private static Ledger load(Managed managed) {
    var app = managed.cluster().accounts().app();
    LedgerOptions options = LedgerOptions.of(app.user(), app.password(), 4, 200);
    return managed.load(options.withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(2)));
  }

  private static void writesFlow(Managed managed, Ledger ledger) {
    long before = ledger.report().count(Outcome.OK);
    managed.eventually("writes flow", () -> ledger.report().count(Outcome.OK) > before + 50);
  }

  @Test
  void primaryThatOnlyTheManagerCannotReachStaysPrimary() {
    try (Managed managed = start("available")) {
      Ledger ledger = load(managed);
      managed.net().isolate(managed.net().manager(), managed.host(1));
      managed.diagnosed("PrimaryHidden");
      managed.throughout(
          LONG_ENOUGH, "no failover", () -> managed.feed().epoch() == 1 && managed.writable(1));
      writesFlow(managed, ledger);
      managed.net().rejoin(managed.net().manager(), managed.host(1));
      managed.diagnosed("PrimaryWell");
      assertThat(ledger.stop().count(Outcome.OK)).isPositive();
      assertThat(managed.writableServers()).containsExactly(1);
    }
  }

  @Test
  void isolatedPrimaryIsReplacedWithoutLossAndFencedWhenItReturns() throws SQLException {
    try (Managed managed = start("safe")) {
      managed.safeNow();
      Ledger ledger = load(managed);
      managed.net().isolate(managed.host(1));
      managed.eventually(
          "a new primary", () -> managed.feed().epoch() > 1 && managed.feed().get().isPresent());
      writesFlow(managed, ledger);
      managed.net().rejoin(managed.host(1));
      managed.eventually(
          "server1 is back or held",
          () ->
              managed.events().contains("server1 is whole")
                  || managed.events().contains("server1 is held out"));
      writesFlow(managed, ledger);
      LedgerReport report = ledger.stop();
      assertThat(managed.writableServers()).hasSize(1).doesNotContain(1);
      int winner = managed.writableServers().getFirst();
      var root = managed.cluster().accounts().root();
      try (Connection connection = managed.server(winner).connect(root)) {
        assertThat(report.against(connection).lost()).isEmpty();
      }
    }
  }

  /** Replicas call their primary lost only after {@code slave_net_timeout}, 60 s by default. */
  @Test
  void primaryWithoutItsReplicasAcknowledgesNothingAndStaysPrimary() {
    try (Managed managed = start("safe")) {
      managed.safeNow();
      Ledger ledger = load(managed);
      managed.net().isolate(managed.host(1), managed.host(2), managed.host(3));
      managed.diagnosed("SemiSyncBlocked");
      long acknowledged = ledger.report().count(Outcome.OK);
      managed.throughout(
          LONG_ENOUGH,
          "no failover, and no acknowledgement",
          () -> managed.feed().epoch() == 1 && ledger.report().count(Outcome.OK) == acknowledged);
      managed.net().rejoin(managed.host(1));
      writesFlow(managed, ledger);
      managed.safeNow();
      assertThat(managed.writableServers()).containsExactly(1);
    }
  }
}
