package dev.regent.core.control;

import dev.regent.core.model.ClusterRecord.Maintenance;
import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.model.ClusterRecord.PastFailover;
import dev.regent.core.model.ClusterRecord.Pause;
import dev.regent.core.model.ClusterRecord.Quarantine;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.ClusterRecord.Sighting;
import dev.regent.core.model.ServerFacts.Durability;
import dev.regent.core.model.ServerId;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/** One change of the {@link dev.regent.core.model.ClusterRecord}; the store's unit. */
public sealed interface Entry {

  /** A manager started on this store; the incarnation grows by one. */
  record TookOffice(long atMillis) implements Entry {}

  record ReignBegan(Reign reign) implements Entry {}

  record SyncSet(SortedSet<ServerId> members) implements Entry {}

  record Paused(Pause pause) implements Entry {}

  /** Ends a pause and acknowledges past failovers. */
  record Resumed(String by, long atMillis) implements Entry {}

  record MaintenanceBegan(ServerId server, Maintenance maintenance) implements Entry {}

  record MaintenanceEnded(ServerId server, String by) implements Entry {}

  record PlanOpened(OpenPlan plan) implements Entry {}

  /**
   * The intent of the next steps, before any of them is sent.
   *
   * @param relaxed servers whose durability these steps relax, with the values to restore
   * @param halted servers whose receiving these steps stop, if only for a moment
   */
  record Intended(
      long plan,
      List<String> sentences,
      SortedSet<ServerId> servers,
      Optional<ServerId> reignSentTo,
      SortedMap<ServerId, Durability> relaxed,
      SortedSet<ServerId> halted)
      implements Entry {}

  /** These servers receive again. */
  record ReceivingAgain(SortedSet<ServerId> servers) implements Entry {}

  record DurabilityRestored(ServerId server) implements Entry {}

  /** {@code failover} is set if it was an automatic one that moved the role. */
  record PlanClosed(long plan, String result, Optional<PastFailover> failover) implements Entry {}

  record Sighted(SortedMap<ServerId, Sighting> sightings) implements Entry {}

  record Attached(ServerId server) implements Entry {}

  record Verified(ServerId server) implements Entry {}

  record Isolated(ServerId server, Quarantine quarantine) implements Entry {}

  record Released(ServerId server) implements Entry {}
}
