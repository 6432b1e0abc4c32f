package dev.regent.server.checkup;

import static dev.regent.server.checkup.Exam.WELL;
import static dev.regent.server.checkup.Exam.ill;
import static dev.regent.server.checkup.Severity.CRITICAL;
import static dev.regent.server.checkup.Severity.NOTICE;
import static dev.regent.server.checkup.Severity.WARNING;

import dev.regent.server.checkup.Exam.Complaint;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How replicas follow, and what their relay logs outlive. */
final class ReplicationExams {
  private static final List<String> FILTERS =
      List.of(
          "replicate_do_db",
          "replicate_ignore_db",
          "replicate_do_table",
          "replicate_ignore_table",
          "replicate_wild_do_table",
          "replicate_wild_ignore_table");

  private ReplicationExams() {}

  static List<Exam> all() {
    return List.of(
        new Exam(
            "gtid-mode",
            CRITICAL,
            "Using_Gtid",
            "it can be pointed at another source only by file and offset, which Regent does not do",
            p -> each(p, ReplicationExams::gtidMode)),
        new Exam(
            "heartbeat",
            WARNING,
            "Slave_heartbeat_period",
            "its silence proves nothing before two heartbeats are missed, so a frozen primary is"
                + " noticed so late",
            p -> each(p, ReplicationExams::heartbeat)),
        new Exam(
            "connect-retry",
            NOTICE,
            "Connect_Retry",
            "it tries a source that is back only so often",
            p -> each(p, ReplicationExams::connectRetry)),
        new Exam(
            "replication-filters",
            WARNING,
            "replicate_*",
            "it is no full copy, and must not be promoted",
            ReplicationExams::filters),
        new Exam(
            "skip-errors",
            WARNING,
            "slave_skip_errors",
            "what fails is left out in silence",
            p ->
                ill(
                    !List.of("", "OFF").contains(p.facts().text("slave_skip_errors")),
                    "slave_skip_errors is " + p.facts().text("slave_skip_errors"),
                    new Mend.Restart(List.of("slave_skip_errors=OFF")))),
        new Exam(
            "relay-log-recovery",
            WARNING,
            "relay_log_recovery",
            "a restart gives up what is received and not applied; if the primary is gone by then,"
                + " so are acknowledged writes that Regent could have rescued",
            p ->
                ill(
                    p.facts().on("relay_log_recovery"),
                    "relay_log_recovery is ON",
                    SettingExams.set("relay_log_recovery", "0"))),
        new Exam(
            "sync-relay-log",
            WARNING,
            "sync_relay_log, in profile safe",
            "a replica acknowledges what a crash of its machine takes away",
            p ->
                ill(
                    p.safe() && p.facts().number("sync_relay_log") != 1,
                    "sync_relay_log is " + p.facts().text("sync_relay_log"),
                    SettingExams.set("sync_relay_log", "1"))),
        new Exam(
            "version-order",
            WARNING,
            "version, beside the source's",
            "an older server cannot be relied on to understand what a newer one writes",
            p -> each(p, ReplicationExams::versionOrder)));
  }

  private interface Look {
    Optional<Complaint> at(Patient patient, Map<String, String> channel);
  }

  private static List<Complaint> each(Patient patient, Look look) {
    return patient.facts().channels().stream().flatMap(c -> look.at(patient, c).stream()).toList();
  }

  private static String column(Map<String, String> channel, String name) {
    return channel.getOrDefault(name, "");
  }

  private static String name(Map<String, String> channel) {
    String name = column(channel, "Connection_name");
    return name.isEmpty() ? "" : " '" + name.replace("'", "''") + "'";
  }

  private static Mend change(Map<String, String> channel, String setting) {
    String name = name(channel);
    return new Mend.ByHand(
        List.of(
            "STOP SLAVE" + name, "CHANGE MASTER" + name + " TO " + setting, "START SLAVE" + name),
        List.of());
  }

  private static Optional<Complaint> gtidMode(Patient patient, Map<String, String> channel) {
    return column(channel, "Using_Gtid").equals("No")
        ? Optional.of(
            new Complaint(
                "it follows by file and offset", change(channel, "MASTER_USE_GTID=slave_pos")))
        : Optional.empty();
  }

  /** Two of them must fit into the silence that counts as death. */
  private static Optional<Complaint> heartbeat(Patient patient, Map<String, String> channel) {
    String period = column(channel, "Slave_heartbeat_period");
    if (!period.matches("\\d+(\\.\\d+)?")) {
      return Optional.empty();
    }
    Duration is = Duration.ofMillis(new BigDecimal(period).movePointRight(3).longValue());
    Duration silence = patient.policy().detection().silence();
    if (!is.isZero() && is.multipliedBy(2).compareTo(silence) <= 0) {
      return Optional.empty();
    }
    Duration wanted = patient.policy().replication().heartbeat();
    BigDecimal seconds =
        wanted.isZero()
            ? BigDecimal.valueOf(silence.toMillis() / 4, 3)
            : BigDecimal.valueOf(wanted.toMillis(), 3);
    String what =
        is.isZero() ? "it has no heartbeat" : "its heartbeat comes every " + period + " s";
    return Optional.of(
        new Complaint(what, change(channel, "MASTER_HEARTBEAT_PERIOD=" + seconds.toPlainString())));
  }

  private static Optional<Complaint> connectRetry(Patient patient, Map<String, String> channel) {
    String is = column(channel, "Connect_Retry");
    int wanted = patient.policy().replication().connectRetrySeconds();
    return is.matches("\\d{1,9}") && Integer.parseInt(is) > wanted
        ? Optional.of(
            new Complaint(
                "it connects anew every " + is + " s",
                change(channel, "MASTER_CONNECT_RETRY=" + wanted)))
        : Optional.empty();
  }

  private static List<Complaint> filters(Patient patient) {
    List<String> set =
        FILTERS.stream().filter(name -> !patient.facts().text(name).isEmpty()).toList();
    if (set.isEmpty()) {
      return WELL;
    }
    List<String> sql = new ArrayList<>(List.of("STOP SLAVE SQL_THREAD"));
    set.forEach(name -> sql.add("SET GLOBAL " + name + "=''"));
    sql.add("START SLAVE SQL_THREAD");
    String what = set.stream().collect(Collectors.joining(", ")) + " leave something out";
    return Stream.of(new Complaint(what, new Mend.ByHand(sql, List.of()))).toList();
  }

  private static Optional<Complaint> versionOrder(Patient patient, Map<String, String> channel) {
    Optional<Facts> source =
        patient.ward().at(column(channel, "Master_Host"), column(channel, "Master_Port"));
    return source
        .filter(s -> patient.facts().release().compareTo(s.release()) < 0)
        .map(s ->
            new Complaint(
                "it is " + patient.facts().release() + ", its source " + s.release(),
                new Mend.Advice("upgrade replicas first, the primary last")));
  }
}
