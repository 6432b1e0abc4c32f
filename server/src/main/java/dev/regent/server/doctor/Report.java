package dev.regent.server.doctor;

import dev.regent.core.model.ServerId;
import dev.regent.server.checkup.Finding;
import dev.regent.server.checkup.Severity;
import dev.regent.server.checkup.Ward;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an examination found.
 *
 * @param silent who did not answer, and what came instead
 * @param findings the worst first
 */
public record Report(Ward ward, SortedMap<ServerId, String> silent, List<Finding> findings) {
  public Report {
    silent = new TreeMap<>(silent);
    findings = List.copyOf(findings);
  }

  /** Nothing worse than a notice. */
  public boolean healthy() {
    return findings.stream().allMatch(f -> f.severity() == Severity.NOTICE);
  }

  public long count(Severity severity) {
    return findings.stream().filter(f -> f.severity() == severity).count();
  }
}
