package dev.regent.server.checkup;

import static dev.regent.server.checkup.Exam.WELL;
import static dev.regent.server.checkup.Exam.ill;
import static dev.regent.server.checkup.Severity.CRITICAL;
import static dev.regent.server.checkup.Severity.NOTICE;
import static dev.regent.server.checkup.Severity.WARNING;

import dev.regent.core.model.Policy.Profile;
import dev.regent.server.checkup.Exam.Complaint;
import java.util.List;
import java.util.stream.Stream;

/** Semi-sync, where most of what can be lost is lost. */
final class SemiSyncExams {
  private static final String ENABLED = "rpl_semi_sync_master_enabled";
  private static final String WAIT_POINT = "rpl_semi_sync_master_wait_point";
  private static final String WAIT_NO_REPLICA = "rpl_semi_sync_master_wait_no_slave";
  private static final String TIMEOUT = "rpl_semi_sync_master_timeout";
  private static final String MEMBER = "rpl_semi_sync_slave_enabled";
  private static final String KILL_TIMEOUT = "rpl_semi_sync_slave_kill_conn_timeout";

  /** The largest that the server takes. */
  private static final String ENDLESS = "18446744073709551615";

  private SemiSyncExams() {}

  static List<Exam> all() {
    return Stream.concat(losses().stream(), others().stream()).toList();
  }

  private static List<Exam> losses() {
    return List.of(
        new Exam(
            "semi-sync-on-replica",
            CRITICAL,
            ENABLED + ", on a replica",
            "what it applies waits for an acknowledgement, too, and replication stands still",
            SemiSyncExams::onReplica),
        new Exam(
            "semi-sync-at-start",
            WARNING,
            ENABLED + ", and where it was set",
            "whoever restarts as a replica stands still, as a primary hangs at its first commit",
            SemiSyncExams::atStart),
        new Exam(
            "semi-sync-wait-point",
            WARNING,
            WAIT_POINT + ", unless the profile is async",
            "others read what no replica has yet, and lose it again at a failover",
            p ->
                ill(
                    p.profile() != Profile.ASYNC
                        && p.facts().has(WAIT_POINT)
                        && !p.facts().text(WAIT_POINT).equalsIgnoreCase("AFTER_SYNC"),
                    WAIT_POINT + " is " + p.facts().text(WAIT_POINT),
                    SettingExams.set(WAIT_POINT, "AFTER_SYNC"))),
        new Exam(
            "semi-sync-wait-no-slave",
            CRITICAL,
            WAIT_NO_REPLICA + ", in profile safe",
            "once the last member is gone, commits are confirmed that no replica has",
            p ->
                ill(
                    p.safe() && p.facts().has(WAIT_NO_REPLICA) && !p.facts().on(WAIT_NO_REPLICA),
                    WAIT_NO_REPLICA + " is OFF",
                    SettingExams.set(WAIT_NO_REPLICA, "1"))),
        new Exam(
            "semi-sync-crash",
            CRITICAL,
            ENABLED + " and " + WAIT_NO_REPLICA + ", both off",
            "11.4.5 crashes when its last semi-sync replica leaves (measured; other releases were"
                + " not seen to be free of it)",
            SemiSyncExams::crash));
  }

  private static List<Exam> others() {
    return List.of(
        new Exam(
            "semi-sync-timeout",
            CRITICAL,
            TIMEOUT + ", of the primary in profile safe",
            "after that time commits are confirmed that no replica has, and so are all later ones",
            SemiSyncExams::timeout),
        new Exam(
            "semi-sync-off",
            NOTICE,
            ENABLED + ", of the primary, unless the profile is async",
            "an acknowledged write is on one server only, until Regent runs and switches it on",
            p ->
                ill(
                    p.semiSyncIsOurs() && p.leads() && !p.facts().on(ENABLED),
                    ENABLED + " is OFF",
                    new Mend.Advice(
                        "let Regent manage the cluster: it switches it on once a replica follows"))),
        new Exam(
            "semi-sync-kill-timeout",
            NOTICE,
            KILL_TIMEOUT,
            "0 means 30 s: so long takes STOP SLAVE beside a source that is frozen",
            p ->
                ill(
                    p.facts().has(KILL_TIMEOUT) && p.facts().number(KILL_TIMEOUT) == 0,
                    KILL_TIMEOUT + " is 0",
                    SettingExams.set(KILL_TIMEOUT, "1"))),
        new Exam(
            "truncates-at-restart",
            WARNING,
            "version, and where " + MEMBER + " was set",
            "releases before 10.6.19, 10.11.9 and 11.4.3 cut acknowledged transactions off their"
                + " log at a restart with it, also as a primary",
            SemiSyncExams::truncates));
  }

  private static List<Complaint> onReplica(Patient patient) {
    Facts facts = patient.facts();
    return ill(
        facts.isReplica() && facts.readOnly() && facts.on(ENABLED),
        ENABLED + " is ON and it follows another server",
        new Mend.Dynamic(
            List.of("SET GLOBAL " + WAIT_NO_REPLICA + "=1, GLOBAL " + ENABLED + "=0"),
            List.of(ENABLED + "=0")));
  }

  private static List<Complaint> atStart(Patient patient) {
    String origin = patient.facts().startValues().getOrDefault(ENABLED, "");
    boolean set = origin.equals("CONFIG") || origin.equals("COMMAND-LINE");
    return ill(
        set && patient.facts().on(ENABLED),
        "its start file switches " + ENABLED + " on",
        new Mend.Restart(List.of(ENABLED + "=0")));
  }

  private static List<Complaint> crash(Patient patient) {
    Facts facts = patient.facts();
    return ill(
        facts.has(WAIT_NO_REPLICA) && !facts.on(ENABLED) && !facts.on(WAIT_NO_REPLICA),
        "semi-sync is off, and " + WAIT_NO_REPLICA + " as well",
        SettingExams.set(WAIT_NO_REPLICA, "1"));
  }

  /** A server that is not primary gets it when it becomes so. */
  private static List<Complaint> timeout(Patient patient) {
    Facts facts = patient.facts();
    if (!patient.safe() || !patient.leads() || !facts.on(ENABLED)) {
      return WELL;
    }
    return ill(
        !facts.text(TIMEOUT).equals(ENDLESS),
        TIMEOUT + " is " + facts.text(TIMEOUT) + " ms",
        SettingExams.set(TIMEOUT, ENDLESS));
  }

  private static List<Complaint> truncates(Patient patient) {
    Release release = patient.facts().release();
    String origin = patient.facts().startValues().getOrDefault(MEMBER, "");
    boolean atStart = origin.equals("CONFIG") || origin.equals("COMMAND-LINE");
    boolean cuts =
        release.atLeast(10, 6, 2)
            && !(release.in(10, 6) && release.atLeast(10, 6, 19))
            && !(release.in(10, 11) && release.atLeast(10, 11, 9))
            && !(release.in(11, 1) && release.atLeast(11, 1, 6))
            && !(release.in(11, 2) && release.atLeast(11, 2, 5))
            && !release.atLeast(11, 4, 3);
    return ill(
        cuts && atStart && patient.facts().on(MEMBER),
        "it is " + release + ", and its start file switches " + MEMBER + " on",
        new Mend.Advice(
            "upgrade it, or take the line out of its start file: Regent switches it on itself"));
  }
}
