package dev.regent.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.load.Endpoint;
import dev.regent.lab.load.Ledger;
import dev.regent.lab.load.LedgerOptions;
import dev.regent.lab.machine.Await;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("real")
class TableLockTest {
  private static final Duration GENEROUS = Duration.ofSeconds(60);

  @Test
  void lockOfReplicaThatAppliesInParallelIsHadAndHolds() {
    try (LabCluster cluster = LabCluster.start(LabOptions.of(2).withParallelThreads(4))) {
      LabServer primary = cluster.server(1);
      LabServer replica = cluster.server(2);
      Accounts.Account app = cluster.accounts().app();
      Endpoint home = Endpoint.parse(primary.address());
      Ledger load =
          Ledger.start(LedgerOptions.of(app.user(), app.password(), 6, 0), () -> Optional.of(home));
      try (load) {
        // Without giving way about every third of them waits until somebody ends it.
        for (int i = 0; i < 10; i++) {
          try (TableLock lock = TableLock.take(replica, "shop.orders")) {
            awaitMore(primary);
            String held = position(replica);
            awaitMore(primary);
            assertThat(position(replica)).as("with %s", lock).isEqualTo(held);
          }
        }
      }
    }
  }

  private static void awaitMore(LabServer primary) {
    int before = rows(primary);
    Await.until(
        "writes at the primary",
        GENEROUS,
        () -> rows(primary) > before + 10,
        () -> rows(primary) + " rows");
  }

  private static int rows(LabServer server) {
    return Integer.parseInt(server.value("SELECT COUNT(*) FROM shop.orders"));
  }

  private static String position(LabServer server) {
    return server.value("SELECT @@gtid_slave_pos");
  }
}
