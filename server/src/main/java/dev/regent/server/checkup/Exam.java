package dev.regent.server.checkup;

import java.util.List;
import java.util.function.Function;

/**
 * A row of the table of checks.
 *
 * @param id short and stable: scripts know it
 * @param reads what it looks at, as the documentation shows it
 * @param why what comes of it if nobody mends it
 * @param find what is wrong with a server; nothing if all is well
 */
record Exam(
    String id,
    Severity severity,
    String reads,
    String why,
    Function<Patient, List<Complaint>> find) {

  static final List<Complaint> WELL = List.of();

  /** What is so, and what ends it. */
  record Complaint(String what, Mend mend) {}

  List<Finding> findings(Patient patient) {
    return find.apply(patient).stream()
        .map(c -> new Finding(id, severity, patient.server().id(), c.what(), why, c.mend()))
        .toList();
  }

  static List<Complaint> ill(boolean so, String what, Mend mend) {
    return so ? List.of(new Complaint(what, mend)) : WELL;
  }
}
