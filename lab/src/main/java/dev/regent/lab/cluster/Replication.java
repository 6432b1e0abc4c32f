package dev.regent.lab.cluster;

import dev.regent.lab.machine.Await;
import dev.regent.lab.machine.LabException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes servers follow each other and waits until they do. */
final class Replication {
  private static final Duration RUNNING_WITHIN = Duration.ofSeconds(30);
  private static final int CAUGHT_UP_SECONDS = 30;

  private final LabOptions options;
  private final Accounts accounts;

  Replication(LabOptions options, Accounts accounts) {
    this.options = options;
    this.accounts = accounts;
  }

  /**
   * Makes {@code replica} follow whoever answers at this address: the primary, or a relay that
   * stands before it.
   */
  void point(LabServer replica, String host, int port) {
    replica.execute(
        "SET SESSION sql_log_bin=0", "STOP SLAVE", changeSql(replica, host, port), "START SLAVE");
  }

  private String changeSql(LabServer replica, String host, int port) {
    String heartbeat =
        options
            .heartbeat()
            .map(d -> ", MASTER_HEARTBEAT_PERIOD=" + BigDecimal.valueOf(d.toMillis(), 3))
            .orElse("");
    return """
    CHANGE MASTER TO MASTER_HOST='%s', MASTER_PORT=%d, MASTER_USER='%s', MASTER_PASSWORD='%s',
      MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1%s%s\
    """
        .formatted(
            host,
            port,
            accounts.repl().user(),
            accounts.repl().password(),
            heartbeat,
            tls(replica));
  }

  /** From 11.4 on a replica insists on a verified certificate unless told not to. */
  private static String tls(LabServer replica) {
    Optional<TlsFiles> files = replica.tls();
    return files
        .map(f ->
            ", MASTER_SSL=1, MASTER_SSL_VERIFY_SERVER_CERT=1, MASTER_SSL_CA='%s'"
                .formatted(f.authority()))
        .orElse(", MASTER_SSL=0, MASTER_SSL_VERIFY_SERVER_CERT=0");
  }

  static Map<String, String> status(LabServer replica) {
    List<Map<String, String>> all = replica.rows("SHOW ALL SLAVES STATUS");
    return all.isEmpty() ? Map.of() : all.getFirst();
  }

  static void awaitRunning(LabServer replica) {
    Await.until(
        "%s to replicate".formatted(replica.name()),
        RUNNING_WITHIN,
        () -> isRunning(status(replica)),
        () -> explain(status(replica)));
  }

  private static boolean isRunning(Map<String, String> status) {
    return "Yes".equals(status.get("Slave_IO_Running"))
        && "Yes".equals(status.get("Slave_SQL_Running"));
  }

  private static String explain(Map<String, String> status) {
    return "IO %s, SQL %s, errors: %s %s"
        .formatted(
            status.get("Slave_IO_Running"),
            status.get("Slave_SQL_Running"),
            status.get("Last_IO_Error"),
            status.get("Last_SQL_Error"));
  }

  /** Waits until {@code replica} has applied everything that {@code from} has now. */
  static void awaitCaughtUp(LabServer replica, LabServer from) {
    String position = from.value("SELECT @@gtid_current_pos");
    String result =
        replica.value("SELECT MASTER_GTID_WAIT('%s', %d)".formatted(position, CAUGHT_UP_SECONDS));
    if (!result.equals("0")) {
      throw new LabException(
          "%s did not reach %s of %s in %d s; %s"
              .formatted(
                  replica.name(),
                  position,
                  from.name(),
                  CAUGHT_UP_SECONDS,
                  explain(status(replica))));
    }
  }
}
