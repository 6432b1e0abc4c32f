package dev.regent.core.control;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.analyze.Guarantee;
import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.Snapshot;
import dev.regent.core.plan.Decision;
import java.util.List;
import java.util.Optional;

/** The whole picture at one moment, for status, explain and the dashboard. */
public record Picture(
    Snapshot snapshot,
    List<Diagnosis> diagnoses,
    List<Decision> decisions,
    Guarantee guarantee,
    RoutingTable routing,
    Optional<OpenPlan> running) {
  public Picture {
    diagnoses = List.copyOf(diagnoses);
    decisions = List.copyOf(decisions);
  }
}
