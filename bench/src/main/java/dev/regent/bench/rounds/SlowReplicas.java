package dev.regent.bench.rounds;

import dev.regent.lab.arena.Arena;
import dev.regent.lab.arena.Waiting;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import java.io.IOException;
import java.time.Duration;

/**
 * Replicas that receive at once and apply late: a trigger sleeps wherever the server is read-only,
 * so only for the applier, and no longer once the server is promoted.
 */
final class SlowReplicas {
  /** Applies about 80 rows per second, where 300 arrive. */
  private static final double SLEEP_SECONDS = 0.012;

  private static final Duration LATE_WITHIN = Duration.ofSeconds(60);

  private SlowReplicas() {}

  /** Enforced: otherwise rows from a primary that has triggers itself do not run any here. */
  static LabOptions lab(String name) {
    return Clusters.usual(name)
        .withParallelThreads(0)
        .withConfig("slave_run_triggers_for_rbr=ENFORCE");
  }

  /** On every server, since each is a replica some time; not in any binary log. */
  static void slowDown(LabCluster cluster) {
    for (LabServer server : cluster.servers()) {
      server.execute(
          "SET sql_log_bin=0",
          """
          CREATE TRIGGER shop.late BEFORE INSERT ON shop.orders FOR EACH ROW
            IF @@global.read_only THEN DO SLEEP(%s); END IF\
          """
              .formatted(SLEEP_SECONDS));
    }
  }

  static void awaitLag(Arena arena, int seconds) throws IOException {
    for (LabServer replica : arena.others()) {
      boolean late =
          Waiting.until(LATE_WITHIN, Duration.ofMillis(100), () -> lag(replica) >= seconds);
      if (!late) {
        throw arena.failed(replica.name() + " does not fall behind: " + lag(replica) + " s");
      }
    }
  }

  private static long lag(LabServer replica) {
    String lag =
        replica.rows("SHOW ALL SLAVES STATUS").getFirst().getOrDefault("Seconds_Behind_Master", "");
    return lag.isEmpty() ? 0 : Long.parseLong(lag);
  }
}
