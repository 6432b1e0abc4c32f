package dev.regent.server.checkup;

import static dev.regent.server.checkup.Exam.ill;
import static dev.regent.server.checkup.Severity.CRITICAL;
import static dev.regent.server.checkup.Severity.NOTICE;
import static dev.regent.server.checkup.Severity.WARNING;

import java.util.List;

/** What is known of single releases. Measured where nothing else is said. */
final class ReleaseExams {
  private ReleaseExams() {}

  static List<Exam> all() {
    return List.of(
        new Exam(
            "release",
            CRITICAL,
            "version",
            "Regent is tested from MariaDB 10.5 on; older ones lack statements that it needs",
            p ->
                ill(
                    !p.facts().release().atLeast(10, 5, 2),
                    "it is " + p.facts().release(),
                    new Mend.Advice("upgrade it"))),
        new Exam(
            "shutdown-confirms",
            WARNING,
            "version 10.5, in profile safe",
            "an orderly shutdown tells commits that wait for an acknowledgement OK, though no"
                + " replica has them; later series end their connections",
            p ->
                ill(
                    p.safe() && p.facts().release().in(10, 5),
                    "it is " + p.facts().release(),
                    new Mend.Advice(
                        "upgrade it, or switch over before every shutdown of the primary"))),
        new Exam(
            "closed-door",
            NOTICE,
            "version 11.4.5, unless the profile is async",
            "while it removes a semi-sync replica that is cut off, it lets no new connection in,"
                + " and looks dead to who connects",
            p ->
                ill(
                    p.semiSyncIsOurs() && is1145(p),
                    "it is 11.4.5",
                    new Mend.Advice(
                        "keep rpl_semi_sync_slave_kill_conn_timeout at 1 on the replicas, and"
                            + " connections open"))),
        new Exam(
            "full-log",
            NOTICE,
            "version 11.4.5",
            "a commit that found no room for the binary log does not go on when there is room"
                + " again",
            p ->
                ill(
                    is1145(p),
                    "it is 11.4.5",
                    new Mend.Advice(
                        "watch the disk of the binary log; once it was full, switch over"))));
  }

  private static boolean is1145(Patient patient) {
    return patient.facts().release().equals(Release.of(11, 4, 5));
  }
}
