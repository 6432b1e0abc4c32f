package dev.regent.cli.repmgr;

import dev.regent.cli.flags.Request;
import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.ControlStore.StoreException;
import dev.regent.core.control.Entry;
import dev.regent.core.control.Picture;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.model.ClusterRecord.Pause;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Decision;
import dev.regent.server.connect.Deadline;
import dev.regent.server.daemon.OneAct;
import dev.regent.server.store.LocalStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A plan that a killed run left open: the core finishes or undoes it, from where it stands. */
final class Leftover {
  private static final Duration SETTLING_MAX = Duration.ofMinutes(3);

  private final Request request;
  private final LocalStore store;
  private final Manager manager;
  private final Talk talk;

  Leftover(Request request, LocalStore store, Manager manager, Talk talk) {
    this.request = request;
    this.store = store;
    this.manager = manager;
    this.talk = talk;
  }

  /** Empty once nothing is left open; otherwise why it is. */
  Optional<String> settle(List<Look> looks) throws StoreException, InterruptedException {
    ClusterRecord record = store.state();
    OpenPlan plan = record.plan().orElseThrow();
    ServerId old = plan.from().or(() -> record.reign().map(Reign::primary)).orElseThrow();
    Optional<Look> look = looks.stream().filter(l -> l.id().equals(old)).findFirst();
    if (look.isEmpty()) {
      return Optional.of("a run was interrupted, and " + old + " is not among the servers");
    }
    talk.info("a run was interrupted, it wanted to " + plan.why() + ": finishing or undoing it");
    store.append(
        List.of(
            new Entry.Paused(
                new Pause(Cluster.NAME, "one act at a time", System.currentTimeMillis()))));
    Roles.Verdict.Cast cast = cast(look.get(), looks);
    Cluster cluster = new Cluster(request, cast, looks, Promise.of(cast, looks));
    boolean plain = cast.replicas().stream().allMatch(r -> r.there().plain());
    try (OneAct act = manager.begin(cluster.spec(), store, plain)) {
      Deadline deadline = Deadline.after(SETTLING_MAX);
      Optional<Picture> picture = act.await(p -> settled(p) || stuck(p).isPresent(), deadline);
      return picture.isPresent()
          ? stuck(picture.get())
          : Optional.of("what an interrupted run began could not be finished or undone in time");
    }
  }

  /** Whoever follows anybody takes part: some were pointed already, some not yet. */
  private static Roles.Verdict.Cast cast(Look old, List<Look> looks) {
    List<Look> others =
        looks.stream()
            .filter(l -> !l.equals(old) && l.answers())
            .filter(l -> !l.there().facts().channels().isEmpty())
            .toList();
    return new Roles.Verdict.Cast(old, old.address(), others, List.of());
  }

  private static boolean settled(Picture picture) {
    return picture.running().isEmpty() && picture.snapshot().record().plan().isEmpty();
  }

  /** The reason of a hold that will not pass by itself. */
  private static Optional<String> stuck(Picture picture) {
    return picture.decisions().stream()
        .filter(d -> d.diagnosis() instanceof Diagnosis.PlanInterrupted)
        .filter(d -> d instanceof Decision.Hold h && h.reason() != Decision.Reason.WAITING)
        .map(d -> ((Decision.Hold) d).sentence())
        .findFirst();
  }
}
