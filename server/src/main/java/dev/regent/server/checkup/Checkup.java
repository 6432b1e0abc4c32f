package dev.regent.server.checkup;

import dev.regent.core.model.ServerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Stream;

/** The table of checks, and what it finds. A new check is a row. */
public final class Checkup {
  /** Not read of a server, but of the attempt to read it. */
  private static final Exam REACHABLE =
      new Exam(
          "reachable",
          Severity.CRITICAL,
          "a connection as Regent makes it, and its answers",
          "nothing else could be checked there, and Regent could neither watch nor change it",
          _ -> Exam.WELL);

  private static final List<Exam> TABLE =
      Stream.of(
              List.of(REACHABLE),
              accounts(),
              ReleaseExams.all(),
              SettingExams.all(),
              ReplicationExams.all(),
              SemiSyncExams.all(),
              TokenExams.all())
          .flatMap(List::stream)
          .toList();

  private Checkup() {}

  private static List<Exam> accounts() {
    return List.of(
        new Exam(
            "privilege",
            Severity.CRITICAL,
            "SHOW GRANTS, one by one",
            "a step fails with it, perhaps in the middle of a failover",
            Privileges::lacking),
        new Exam(
            "replication-account",
            Severity.CRITICAL,
            "information_schema.USER_PRIVILEGES",
            "nobody could follow this server once it is primary",
            Privileges::replication));
  }

  /** What is wrong with those that answered and with those that did not, the worst first. */
  public static List<Finding> findings(Ward ward, SortedMap<ServerId, String> silent) {
    List<Finding> findings = new ArrayList<>();
    silent.forEach((id, words) -> findings.add(unreachable(id, words)));
    ward.facts()
        .forEach((id, facts) ->
            TABLE.forEach(exam -> findings.addAll(exam.findings(ward.patient(id, facts)))));
    findings.sort(Comparator.comparing(Finding::severity));
    return List.copyOf(findings);
  }

  private static Finding unreachable(ServerId id, String words) {
    return new Finding(
        REACHABLE.id(),
        REACHABLE.severity(),
        id,
        words,
        REACHABLE.why(),
        new Mend.Advice("start it, or mend its address, the network, [tls] or [credentials]"));
  }

  /** The table in Markdown, as the documentation has it. */
  public static String markdown() {
    StringBuilder text =
        new StringBuilder("| check | severity | reads | why |\n|---|---|---|---|\n");
    for (Exam exam : TABLE) {
      text.append("| `").append(exam.id()).append("` | ");
      text.append(exam.severity().name().toLowerCase(Locale.ROOT)).append(" | ");
      text.append(exam.reads()).append(" | ").append(exam.why()).append(" |\n");
    }
    return text.toString();
  }
}
