package dev.regent.server.checkup;

import static dev.regent.server.checkup.Exam.WELL;
import static dev.regent.server.checkup.Exam.ill;
import static dev.regent.server.checkup.Severity.CRITICAL;
import static dev.regent.server.checkup.Severity.NOTICE;
import static dev.regent.server.checkup.Severity.WARNING;

import dev.regent.server.checkup.Exam.Complaint;
import java.util.List;
import java.util.stream.Stream;

/** What every server must have set, whatever its role. */
final class SettingExams {
  /** Two of a kind would take each other's place at the primary. */
  private static final long SERVER_ID_DEFAULT = 1;

  /** A replica notices a dead link after this; the server's default is a minute. */
  private static final long NET_TIMEOUT_MAX_SECONDS = 10;

  private static final int PARALLEL_THREADS = 4;

  /** Far more than NTP leaves, and than a slow answer could pretend. */
  private static final long CLOCK_MAX_MILLIS = 1000;

  private SettingExams() {}

  static List<Exam> all() {
    return Stream.concat(log().stream(), others().stream()).toList();
  }

  private static List<Exam> log() {
    return List.of(
        new Exam(
            "server-id",
            CRITICAL,
            "server_id",
            "a source serves only one replica of a number, and a server skips what carries its own",
            SettingExams::serverId),
        needs("log-bin", CRITICAL, "log_bin", "log_bin=binlog", "it cannot be a source"),
        needs(
            "log-slave-updates",
            CRITICAL,
            "log_slave_updates",
            "log_slave_updates=1",
            "what it received is missing in its log, so nobody can follow it once it is primary"),
        dynamic(
            "gtid-strict-mode",
            WARNING,
            "gtid_strict_mode",
            "ON",
            "transactions of a replica's own go unnoticed until they collide"),
        dynamic(
            "binlog-format",
            WARNING,
            "binlog_format",
            "ROW",
            "statements can have other effects on a replica, and what was lost cannot be read back"),
        dynamic(
            "binlog-row-image",
            WARNING,
            "binlog_row_image",
            "FULL",
            "rows that only one server has can be saved, but not taken back"),
        dynamic(
            "sync-binlog",
            WARNING,
            "sync_binlog",
            "1",
            "a crash of the machine takes transactions away that replicas have already"),
        dynamic(
            "flush-log",
            WARNING,
            "innodb_flush_log_at_trx_commit",
            "1",
            "a crash of the machine takes acknowledged transactions away"),
        dynamic(
            "slave-exec-mode",
            WARNING,
            "slave_exec_mode",
            "STRICT",
            "a replica that differs goes on in silence, and differs more every day"));
  }

  private static List<Exam> others() {
    return List.of(
        new Exam(
            "read-only-at-start",
            CRITICAL,
            "read_only, and where it was set",
            "a former primary that comes back takes writes until Regent has closed it",
            SettingExams::readOnlyAtStart),
        new Exam(
            "slave-net-timeout",
            NOTICE,
            "slave_net_timeout",
            "a replica that Regent did not point hides a dead link for so long",
            SettingExams::netTimeout),
        new Exam(
            "parallel-threads",
            WARNING,
            "slave_parallel_threads",
            "one thread applies the relay log, and a failover waits for it",
            SettingExams::parallelThreads),
        new Exam(
            "report-host",
            NOTICE,
            "report_host",
            "SHOW SLAVE HOSTS on the source does not tell which machine this replica is",
            p ->
                ill(
                    p.facts().text("report_host").isEmpty(),
                    "report_host is not set",
                    new Mend.Restart(List.of("report_host=" + p.server().address().host())))),
        new Exam(
            "clock",
            WARNING,
            "UTC_TIMESTAMP(6) beside the clock here",
            "lags, events and logs of several machines cannot be compared",
            SettingExams::clock));
  }

  private static Exam needs(String id, Severity severity, String name, String line, String why) {
    return new Exam(
        id,
        severity,
        name,
        why,
        p -> ill(!p.facts().on(name), name + " is off", new Mend.Restart(List.of(line))));
  }

  private static Exam dynamic(
      String id, Severity severity, String name, String wanted, String why) {
    return new Exam(
        id,
        severity,
        name,
        why,
        p -> {
          boolean right =
              wanted.equals("ON")
                  ? p.facts().on(name)
                  : p.facts().text(name).equalsIgnoreCase(wanted);
          String is = p.facts().text(name);
          return ill(!right && p.facts().has(name), name + " is " + is, set(name, value(wanted)));
        });
  }

  private static String value(String wanted) {
    return wanted.equals("ON") ? "1" : wanted;
  }

  static Mend.Dynamic set(String name, String value) {
    return new Mend.Dynamic(
        List.of("SET GLOBAL " + name + "=" + value), List.of(name + "=" + value));
  }

  private static List<Complaint> serverId(Patient patient) {
    long own = patient.facts().number("server_id");
    boolean shared =
        patient.ward().facts().entrySet().stream()
            .anyMatch(e ->
                !e.getKey().equals(patient.server().id())
                    && e.getValue().number("server_id") == own);
    long free =
        patient.ward().facts().values().stream()
                .mapToLong(f -> f.number("server_id"))
                .max()
                .orElse(SERVER_ID_DEFAULT)
            + 1;
    return ill(
        shared || own == 0,
        own == 0 ? "server_id is 0" : "server_id " + own + " is another server's, too",
        new Mend.Restart(List.of("server_id=" + free)));
  }

  /** A value that was changed since the start tells nothing about the next start. */
  private static List<Complaint> readOnlyAtStart(Patient patient) {
    String origin = patient.facts().startValues().getOrDefault("read_only", "");
    Mend mend = new Mend.Restart(List.of("read_only=1"));
    return switch (origin) {
      case "COMPILE-TIME" -> ill(true, "no start file sets read_only", mend);
      case "CONFIG", "COMMAND-LINE" ->
          ill(!patient.facts().readOnly(), "its start file says read_only=0", mend);
      default -> WELL;
    };
  }

  private static List<Complaint> netTimeout(Patient patient) {
    long seconds = patient.facts().number("slave_net_timeout");
    return ill(
        seconds > NET_TIMEOUT_MAX_SECONDS,
        "slave_net_timeout is " + seconds + " s",
        set("slave_net_timeout", Long.toString(NET_TIMEOUT_MAX_SECONDS)));
  }

  /** The pool can be changed only while nobody applies with it. */
  private static List<Complaint> parallelThreads(Patient patient) {
    Facts facts = patient.facts();
    String set = "SET GLOBAL slave_parallel_threads=" + PARALLEL_THREADS;
    List<String> line = List.of("slave_parallel_threads=" + PARALLEL_THREADS);
    Mend mend =
        facts.sqlThreadRuns()
            ? new Mend.ByHand(List.of("STOP SLAVE SQL_THREAD", set, "START SLAVE SQL_THREAD"), line)
            : new Mend.Dynamic(List.of(set), line);
    return ill(facts.number("slave_parallel_threads") == 0, "slave_parallel_threads is 0", mend);
  }

  private static List<Complaint> clock(Patient patient) {
    long millis = patient.facts().clockAhead().toMillis();
    return ill(
        Math.abs(millis) > CLOCK_MAX_MILLIS,
        "its clock is "
            + Math.abs(millis)
            + " ms "
            + (millis > 0 ? "ahead of" : "behind")
            + " the clock here",
        new Mend.Advice("let chrony or systemd-timesyncd keep the clocks of all machines"));
  }
}
