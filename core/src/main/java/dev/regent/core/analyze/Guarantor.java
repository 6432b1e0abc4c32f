package dev.regent.core.analyze;

import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.model.Snapshot.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers, from the present evidence alone, whether a failover now would be loss-free. */
public final class Guarantor {
  private Guarantor() {}

  public static Guarantee judge(Snapshot snapshot) {
    List<String> reasons = new ArrayList<>();
    Optional<View> primary = snapshot.primary();
    switch (snapshot.policy().profile()) {
      case ASYNC -> reasons.add("profile async acknowledges before any replica has the write");
      case AVAILABLE ->
          reasons.add(
              "profile available acknowledges without a replica after "
                  + snapshot.policy().replication().semiSyncTimeout().toMillis()
                  + " ms");
      case SAFE -> {}
    }
    if (primary.isEmpty()) {
      reasons.add("no primary is known");
    } else if (primary.get().facts().isEmpty()) {
      reasons.add(primary.get().id() + " does not answer");
    } else if (snapshot.policy().profile() == Profile.SAFE
        && !primary.get().facts().get().semiSync().endlessAfterSync()) {
      reasons.add("the primary does not wait for acknowledgements without end");
    }
    if (primary.isPresent() && snapshot.policy().profile() == Profile.SAFE) {
      members(snapshot, reasons);
    }
    return new Guarantee(reasons.isEmpty(), reasons);
  }

  private static void members(Snapshot snapshot, List<String> reasons) {
    if (snapshot.record().syncSet().isEmpty()) {
      reasons.add("the sync set is empty");
    }
    for (ServerId member : snapshot.record().syncSet()) {
      member(snapshot, snapshot.view(member), reasons);
    }
    if (snapshot.record().syncSet().size() == 1) {
      reasons.add(
          snapshot.record().syncSet().first() + " would be left without anybody to acknowledge");
    }
    for (View view : snapshot.others()) {
      boolean listed = snapshot.record().syncSet().contains(view.id());
      boolean acknowledges =
          view.facts()
              .filter(f -> f.semiSync().replicaEnabled())
              .filter(f -> f.channels().stream().anyMatch(c -> c.io() == ThreadState.YES))
              .isPresent();
      if (!listed && acknowledges) {
        reasons.add(view.id() + " acknowledges but is not in the sync set");
      }
    }
  }

  private static void member(Snapshot snapshot, View view, List<String> reasons) {
    Optional<ServerFacts> facts = view.facts();
    if (facts.isEmpty()) {
      reasons.add(view.id() + " is unreachable");
    } else if (snapshot.record().quarantine().containsKey(view.id())) {
      reasons.add(view.id() + " is held out");
    } else if (facts.get().channels().isEmpty()) {
      reasons.add(view.id() + " follows nobody");
    } else if (!facts.get().semiSync().replicaEnabled()) {
      reasons.add("semi-sync is off on " + view.id());
    }
  }
}
