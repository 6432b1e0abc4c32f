package dev.regent.core.plan;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.analyze.Words;
import dev.regent.core.model.ClusterRecord.PastFailover;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.plan.Decision.Act;
import dev.regent.core.plan.Decision.Hold;
import dev.regent.core.plan.Decision.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whether the role moves because it is lost, and from which evidence: every guard has its reason.
 */
final class Succession {
  /** After a cold start, how long to wait for servers that have not come back. */
  private static final Duration COLD_START_WAIT = Duration.ofSeconds(10);

  private final Snapshot snapshot;

  Succession(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  Decision afterDeath(Diagnosis.PrimaryDead d) {
    Optional<Hold> damped = manual(d).or(() -> damped(d, d.server()));
    return damped.isPresent() ? damped.get() : failover(d, d.server(), Wish.ANY);
  }

  /** The whole cluster, or its primary, restarted: the most advanced server gets the role. */
  Decision afterRestart(Diagnosis.PrimaryRestarted d) {
    Optional<Hold> manual = manual(d);
    if (manual.isPresent()) {
      return manual.get();
    }
    long up =
        snapshot.now().millis() - snapshot.view(d.server()).facts().orElseThrow().startedMillis();
    if (!d.missing().isEmpty() && up < COLD_START_WAIT.toMillis()) {
      return new Hold(
          d, Reason.WAITING, "waiting for " + Words.join(d.missing()) + " to come back too");
    }
    return again(d, Wish.ANY);
  }

  /** Everybody may get the role, the primary that restarted before all others. */
  Decision again(Diagnosis.PrimaryRestarted d, Wish wish) {
    List<ServerId> members =
        d.missing().stream().filter(m -> snapshot.record().syncSet().contains(m)).toList();
    if (snapshot.policy().profile() == Profile.SAFE && !members.isEmpty() && !wish.force()) {
      return new Hold(
          d,
          Reason.SYNC_MEMBER_MISSING,
          Election.naming(members) + " (failover --force overrules)");
    }
    Brief brief =
        new Brief(
            snapshot, snapshot.record().nextEpoch(), d.server(), wish.to(), wish.force(), true);
    return new Act(d, FailoverRun.of(brief, "give the role again: " + d.sentence()));
  }

  Decision afterOutage(Diagnosis.PrimaryLostInOutage d) {
    if (snapshot.policy().profile() != Profile.SAFE) {
      return new Hold(
          d,
          Reason.OPERATOR_DECIDES,
          d.sentence() + "; without profile safe its last writes may be lost (failover --force)");
    }
    Optional<Hold> damped = manual(d).or(() -> damped(d, d.server()));
    return damped.isPresent() ? damped.get() : failover(d, d.server(), Wish.ANY);
  }

  Decision failover(Diagnosis d, ServerId old, Wish wish) {
    Brief brief =
        new Brief(snapshot, snapshot.record().nextEpoch(), old, wish.to(), wish.force(), false);
    Optional<Hold> missing = membersMissing(d, brief);
    if (missing.isPresent()) {
      return missing.get();
    }
    if (brief.direct().isEmpty()) {
      return new Hold(d, Reason.NO_CANDIDATE, "no replica of " + old + " answers");
    }
    return new Act(d, FailoverRun.of(brief, "fail over from " + old + ": " + d.sentence()));
  }

  private Optional<Hold> membersMissing(Diagnosis d, Brief brief) {
    if (!brief.safe() || brief.force()) {
      return Optional.empty();
    }
    List<ServerId> missing =
        brief.members().stream().filter(m -> !brief.direct().contains(m)).toList();
    String why = "";
    if (brief.members().isEmpty()) {
      why = "the sync set is empty, so no server is known to hold every acknowledged write";
    } else if (!missing.isEmpty()) {
      why = Election.naming(missing);
    } else if (brief.members().size() == 1) {
      why = "nobody would be left to acknowledge for " + brief.members().getFirst();
    }
    return why.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Hold(d, Reason.SYNC_MEMBER_MISSING, why + " (failover --force overrules)"));
  }

  private Optional<Hold> manual(Diagnosis d) {
    if (Deference.owed(snapshot)) {
      return Optional.of(
          new Hold(
              d,
              Reason.SCRIPT,
              "failover = \"script\": the script is to act on master_down; regent failover acts"
                  + " now"));
    }
    return snapshot.policy().failover().automatic()
        ? Optional.empty()
        : Optional.of(
            new Hold(d, Reason.MANUAL, "automatic failover is off; regent failover does it"));
  }

  /** Flapping is damped per server; another server's failure counts apart (DESIGN 5). */
  private Optional<Hold> damped(Diagnosis d, ServerId from) {
    var flapping = snapshot.policy().flapping();
    long now = snapshot.now().millis();
    List<PastFailover> recent =
        snapshot.record().failovers().stream()
            .filter(f -> f.from().equals(from) && !f.acknowledged())
            .filter(f -> now - f.atMillis() < flapping.window().toMillis())
            .toList();
    if (recent.size() >= flapping.limit()) {
      String often =
          from
              + " was failed over "
              + recent.size()
              + " times within "
              + flapping.window().toMinutes()
              + " min; regent resume acknowledges it";
      return Optional.of(new Hold(d, Reason.FLAPPING, often));
    }
    boolean cooling =
        !recent.isEmpty() && now - recent.getLast().atMillis() < flapping.coolDown().toMillis();
    String soon =
        "the last failover away from "
            + from
            + " is less than "
            + flapping.coolDown().toSeconds()
            + " s ago";
    return cooling ? Optional.of(new Hold(d, Reason.COOLING_DOWN, soon)) : Optional.empty();
  }
}
