package dev.regent.server.checkup;

import static dev.regent.server.checkup.Exam.WELL;

import dev.regent.server.checkup.Exam.Complaint;
import dev.regent.server.connect.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the table that a listener names as {@code commit_token} is what the proxy needs. Who may
 * write to it is the application's affair: its accounts are not ours.
 */
final class TokenExams {
  /** As long as what the proxy calls a session. */
  private static final int SESSION_LENGTH = 40;

  private static final Pattern TEXT = Pattern.compile("(?:var)?(?:char|binary)\\((\\d{1,5})\\)");
  private static final Pattern MOMENT = Pattern.compile("(?:timestamp|datetime)(?:\\(\\d\\))?");

  private TokenExams() {}

  static List<Exam> all() {
    return List.of(
        new Exam(
            "commit-token",
            Severity.WARNING,
            "information_schema, of the tables that listeners name",
            "a COMMIT whose answer is lost is told to be unknown, or one that took effect is taken"
                + " for lost and made once more; mend it while no listener names it, since a commit"
                + " in doubt is looked up in the new table",
            TokenExams::tables));
  }

  private static List<Complaint> tables(Patient patient) {
    Grants grants = new Grants(patient.facts().grants());
    List<Complaint> complaints = new ArrayList<>();
    for (String name : patient.ward().tokenTables()) {
      TokenTable table = patient.facts().tokenTables().get(name);
      // Whoever may not look sees nothing; that it may not is a finding of its own.
      boolean seen = grants.has("SELECT", name.substring(0, name.indexOf('.')));
      if (table == null && seen) {
        complaints.add(new Complaint("there is no table " + name, missing(patient, name)));
      } else if (table != null) {
        wrong(table)
            .forEach(what -> complaints.add(new Complaint(name + " " + what, anew(patient, name))));
      }
    }
    return complaints.isEmpty() ? WELL : complaints;
  }

  private static List<String> wrong(TokenTable table) {
    List<String> wrong = new ArrayList<>();
    if (table.engine().isEmpty()) {
      return List.of("is a view, or a table that cannot be opened");
    }
    if (!table.transactional()) {
      wrong.add("has no transactions (" + table.engine() + "): a row in it does not count");
    }
    column(wrong, table, "session", holdsSession(table.type("session")), "CHAR(40)");
    column(
        wrong,
        table,
        "number",
        table.type("number").startsWith("bigint") && table.type("number").contains("unsigned"),
        "BIGINT UNSIGNED");
    column(wrong, table, "at", MOMENT.matcher(table.type("at")).matches(), "TIMESTAMP");
    if (!table.keyed()) {
      wrong.add("has no unique key of session alone: each commit leaves a row");
    }
    table.demanding().stream()
        .filter(c -> !c.equals("session") && !c.equals("number"))
        .forEach(c -> wrong.add("has a column without a default, which no token names: " + c));
    return wrong;
  }

  private static void column(
      List<String> wrong, TokenTable table, String name, boolean right, String wanted) {
    String type = table.type(name);
    if (!right) {
      wrong.add(
          type.isEmpty()
              ? "has no column " + name
              : "has " + name + " as " + type + ", not " + wanted);
    }
  }

  private static boolean holdsSession(String type) {
    Matcher matcher = TEXT.matcher(type);
    return matcher.matches() && Integer.parseInt(matcher.group(1)) >= SESSION_LENGTH;
  }

  private static Mend missing(Patient patient, String name) {
    return patient.facts().isReplica()
        ? new Mend.Advice("create it on the primary, and let no replication filter leave it out")
        : new Mend.ByHand(List.of(definition(name)), List.of());
  }

  private static Mend anew(Patient patient, String name) {
    return patient.facts().isReplica()
        ? new Mend.Advice("mend it on the primary, and let it be replicated")
        : new Mend.ByHand(List.of("DROP TABLE " + quoted(name), definition(name)), List.of());
  }

  private static String quoted(String name) {
    int dot = name.indexOf('.');
    return Quoted.name(name.substring(0, dot)) + "." + Quoted.name(name.substring(dot + 1));
  }

  /** As the documentation has it. */
  private static String definition(String name) {
    return "CREATE TABLE "
        + quoted(name)
        + " (session CHAR(40) CHARACTER SET ascii PRIMARY KEY, number BIGINT UNSIGNED NOT NULL,"
        + " at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, KEY (at)) ENGINE=InnoDB";
  }
}
