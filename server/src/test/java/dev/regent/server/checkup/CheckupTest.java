package dev.regent.server.checkup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class CheckupTest {

  /** One thing that is wrong, the row that finds it, and a piece of what mends it. */
  record Case(
      String check, Profile profile, UnaryOperator<Bed> break_, ServerId server, String mend) {
    @Override
    public String toString() {
      return check;
    }
  }

  private static Case replica(String check, UnaryOperator<Bed> how, String mend) {
    return new Case(check, Profile.SAFE, how, Bed.REPLICA, mend);
  }

  private static Case primary(String check, UnaryOperator<Bed> how, String mend) {
    return new Case(check, Profile.SAFE, how, Bed.PRIMARY, mend);
  }

  static Stream<Case> cases() {
    return Stream.of(settings(), following(), semiSync(), tokens()).flatMap(List::stream);
  }

  private static List<Case> settings() {
    String semi = "SET GLOBAL ";
    return List.of(
        replica("release", b -> b.replica("version", "10.4.34-MariaDB"), "upgrade"),
        new Case(
            "shutdown-confirms",
            Profile.SAFE,
            b -> b.primary("version", "10.5.23-MariaDB").replica("version", "10.6.21-MariaDB"),
            Bed.PRIMARY,
            "switch over before every shutdown"),
        replica("closed-door", b -> b.replica("version", "11.4.5-MariaDB"), "kill_conn_timeout"),
        replica("full-log", b -> b.replica("version", "11.4.5-MariaDB"), "watch the disk"),
        replica("server-id", b -> b.replica("server_id", "1"), "server_id=2"),
        replica("log-bin", b -> b.replica("log_bin", "OFF"), "log_bin=binlog"),
        replica(
            "log-slave-updates", b -> b.replica("log_slave_updates", "OFF"), "log_slave_updates=1"),
        replica(
            "gtid-strict-mode",
            b -> b.replica("gtid_strict_mode", "OFF"),
            semi + "gtid_strict_mode=1"),
        replica(
            "binlog-format", b -> b.replica("binlog_format", "MIXED"), semi + "binlog_format=ROW"),
        replica(
            "binlog-row-image",
            b -> b.replica("binlog_row_image", "MINIMAL"),
            semi + "binlog_row_image=FULL"),
        replica("sync-binlog", b -> b.replica("sync_binlog", "0"), semi + "sync_binlog=1"),
        replica(
            "flush-log",
            b -> b.replica("innodb_flush_log_at_trx_commit", "2"),
            semi + "innodb_flush_log_at_trx_commit=1"),
        replica(
            "slave-exec-mode",
            b -> b.replica("slave_exec_mode", "IDEMPOTENT"),
            semi + "slave_exec_mode=STRICT"),
        replica("read-only-at-start", b -> b.start("read_only", "COMPILE-TIME"), "read_only=1"),
        replica(
            "slave-net-timeout",
            b -> b.replica("slave_net_timeout", "60"),
            semi + "slave_net_timeout=10"),
        replica(
            "parallel-threads",
            b -> b.replica("slave_parallel_threads", "0"),
            "STOP SLAVE SQL_THREAD; " + semi + "slave_parallel_threads=4; START SLAVE SQL_THREAD"),
        replica("report-host", b -> b.replica("report_host", ""), "report_host=db2"),
        replica("clock", b -> b.ahead(Duration.ofSeconds(-3)), "chrony"));
  }

  private static List<Case> following() {
    return List.of(
        replica(
            "privilege",
            b -> b.grants("GRANT SELECT ON *.* TO `regent`@`%`"),
            "GRANT READ_ONLY ADMIN ON *.* TO 'regent'@'%'"),
        replica(
            "replication-account",
            b -> b.replication("USAGE"),
            "GRANT REPLICATION SLAVE ON *.* TO 'repl'@'%'"),
        replica(
            "gtid-mode",
            b -> b.channel("Using_Gtid", "No"),
            "STOP SLAVE; CHANGE MASTER TO MASTER_USE_GTID=slave_pos; START SLAVE"),
        replica(
            "heartbeat",
            b -> b.channel("Slave_heartbeat_period", "30.000").channel("Connection_name", "far"),
            "CHANGE MASTER 'far' TO MASTER_HEARTBEAT_PERIOD=0.500"),
        replica(
            "connect-retry", b -> b.channel("Connect_Retry", "60"), "TO MASTER_CONNECT_RETRY=1"),
        replica(
            "replication-filters",
            b -> b.replica("replicate_do_db", "shop"),
            "SET GLOBAL replicate_do_db=''"),
        replica("skip-errors", b -> b.replica("slave_skip_errors", "1062"), "=OFF"),
        replica(
            "relay-log-recovery",
            b -> b.replica("relay_log_recovery", "ON"),
            "SET GLOBAL relay_log_recovery=0"),
        replica(
            "sync-relay-log",
            b -> b.replica("sync_relay_log", "10000"),
            "SET GLOBAL sync_relay_log=1"),
        replica(
            "version-order",
            b -> b.replica("version", "10.11.9-MariaDB"),
            "upgrade replicas first"));
  }

  private static List<Case> semiSync() {
    String of = "rpl_semi_sync_";
    return List.of(
        replica(
            "semi-sync-on-replica",
            b -> b.replica(of + "master_enabled", "ON"),
            "SET GLOBAL rpl_semi_sync_master_wait_no_slave=1,"
                + " GLOBAL rpl_semi_sync_master_enabled=0"),
        replica(
            "semi-sync-at-start",
            b -> b.replica(of + "master_enabled", "ON").start(of + "master_enabled", "CONFIG"),
            "rpl_semi_sync_master_enabled=0"),
        primary(
            "semi-sync-wait-point",
            b -> b.primary(of + "master_wait_point", "AFTER_COMMIT"),
            "SET GLOBAL rpl_semi_sync_master_wait_point=AFTER_SYNC"),
        primary(
            "semi-sync-wait-no-slave",
            b -> b.primary(of + "master_wait_no_slave", "OFF"),
            "SET GLOBAL rpl_semi_sync_master_wait_no_slave=1"),
        replica(
            "semi-sync-crash",
            b -> b.replica(of + "master_wait_no_slave", "OFF"),
            "SET GLOBAL rpl_semi_sync_master_wait_no_slave=1"),
        primary(
            "semi-sync-timeout",
            b -> b.primary(of + "master_timeout", "10000"),
            "SET GLOBAL rpl_semi_sync_master_timeout=18446744073709551615"),
        new Case(
            "semi-sync-off",
            Profile.AVAILABLE,
            b -> b.primary(of + "master_enabled", "OFF"),
            Bed.PRIMARY,
            "let Regent manage"),
        replica(
            "semi-sync-kill-timeout",
            b -> b.replica(of + "slave_kill_conn_timeout", "0"),
            "SET GLOBAL rpl_semi_sync_slave_kill_conn_timeout=1"),
        replica(
            "truncates-at-restart",
            b -> b.replica("version", "10.11.5-MariaDB").start(of + "slave_enabled", "CONFIG"),
            "upgrade it"));
  }

  private static List<Case> tokens() {
    String anew = "DROP TABLE `shop`.`token`; CREATE TABLE `shop`.`token` (session CHAR(40)";
    return List.of(
        primary("commit-token", Bed::withoutTokens, "CREATE TABLE `shop`.`token` (session CHAR"),
        replica("commit-token", Bed::withoutTokens, "create it on the primary"),
        primary("commit-token", b -> b.tokens("Aria", false, true), anew),
        replica("commit-token", b -> b.tokens("Aria", false, true), "mend it on the primary"),
        primary("commit-token", b -> b.tokens("InnoDB", true, false), anew),
        primary("commit-token", b -> b.tokens("", false, true), anew),
        primary("commit-token", b -> b.token("session", "char(20)"), anew),
        primary("commit-token", b -> b.token("number", "int(10) unsigned"), anew),
        primary("commit-token", b -> b.token("number", "bigint(20)"), anew),
        primary("commit-token", b -> b.token("at", "date"), anew),
        primary("commit-token", b -> b.demanding("tenant"), anew));
  }

  @Test
  void everythingThatIsWrongWithATableOfTokensIsNamed() {
    Bed bed = new Bed(Profile.SAFE).tokens("MyISAM", false, false).token("session", "char(20)");
    assertThat(bed.token("number", "int(11)").demanding("tenant").findings())
        .filteredOn(f -> f.server().equals(Bed.PRIMARY))
        .extracting(Finding::what)
        .containsExactly(
            "shop.token has no transactions (MyISAM): a row in it does not count",
            "shop.token has session as char(20), not CHAR(40)",
            "shop.token has number as int(11), not BIGINT UNSIGNED",
            "shop.token has no unique key of session alone: each commit leaves a row",
            "shop.token has a column without a default, which no token names: tenant");
  }

  /** Whoever may not look at it does not know that it is not there. */
  @Test
  void tableOfTokensThatMayNotBeSeenIsNotCalledMissing() {
    Bed bed = new Bed(Profile.SAFE).withoutTokens().grants("GRANT PROCESS ON *.* TO `regent`@`%`");
    assertThat(bed.findings())
        .filteredOn(f -> f.server().equals(Bed.REPLICA))
        .noneMatch(f -> f.check().equals("commit-token"));
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void whoIsWellHasNoFindings(Profile profile) {
    assertThat(new Bed(profile).findings()).isEmpty();
    assertThat(new Bed(profile).replicationUnknown().findings()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsWrongIsFoundWhereItIsWithWhatMendsIt(Case wrong) {
    List<Finding> found =
        wrong.break_().apply(new Bed(wrong.profile())).findings().stream()
            .filter(f -> f.check().equals(wrong.check()))
            .filter(f -> f.server().equals(wrong.server()))
            .toList();
    assertThat(found).isNotEmpty();
    assertThat(found.stream().map(f -> words(f.mend())))
        .anySatisfy(words -> assertThat(words).contains(wrong.mend()));
    assertThat(found).allSatisfy(f -> assertThat(f.why()).isNotBlank());
  }

  private static String words(Mend mend) {
    String all = String.join("; ", mend.sql()) + " | " + String.join("; ", mend.startFile());
    return mend instanceof Mend.Advice advice ? advice.words() : all;
  }

  /** A row that no case reaches may be one that cannot find anything. */
  @Test
  void everyRowIsReachedByACase() {
    TreeSet<String> reached = new TreeSet<>(cases().map(Case::check).toList());
    reached.add("reachable");
    List<String> rows =
        Checkup.markdown().lines().skip(2).map(l -> l.substring(3, l.indexOf('`', 3))).toList();
    assertThat(rows).doesNotHaveDuplicates();
    assertThat(new TreeSet<>(rows)).isEqualTo(reached);
  }

  @Test
  void silentServerIsTheFirstFinding() {
    TreeMap<ServerId, String> silent = new TreeMap<>();
    silent.put(Bed.REPLICA, "refused: nobody listens");
    Ward ward = new Ward(new Bed(Profile.ASYNC).spec(), "repl", new TreeSet<>(), new TreeMap<>());
    assertThat(Checkup.findings(ward, silent))
        .singleElement()
        .satisfies(f -> assertThat(f.check()).isEqualTo("reachable"))
        .satisfies(f -> assertThat(f.severity()).isEqualTo(Severity.CRITICAL))
        .satisfies(f -> assertThat(f.what()).contains("nobody listens"));
  }

  /** Whatever a newer release has mended is no finding there. */
  @Test
  void releasesThatDoNotTruncateAreLeftAlone() {
    String enabled = "rpl_semi_sync_slave_enabled";
    for (String version : List.of("10.5.23", "10.6.19", "10.11.9", "11.4.3", "11.8.2")) {
      assertThat(
              new Bed(Profile.ASYNC)
                  .replica("version", version)
                  .start(enabled, "CONFIG")
                  .findings())
          .as(version)
          .noneMatch(f -> f.check().equals("truncates-at-restart"));
    }
    for (String version : List.of("10.6.18", "10.11.8", "11.3.2", "11.4.2")) {
      assertThat(
              new Bed(Profile.ASYNC)
                  .replica("version", version)
                  .start(enabled, "CONFIG")
                  .findings())
          .as(version)
          .anyMatch(f -> f.check().equals("truncates-at-restart"));
    }
  }

  @Test
  void documentationHasTheTableAsItIs() throws IOException {
    assertThat(Files.readString(Path.of("..", "docs", "doctor.md"))).contains(Checkup.markdown());
  }
}
