package dev.regent.sim.swarm;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Event;
import dev.regent.core.control.Picture;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Decision;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.world.BrokenPromise;
import dev.regent.sim.world.Proxied;
import dev.regent.sim.world.Repeats;
import dev.regent.sim.world.Settled;
import dev.regent.sim.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * After the healing: all must become as it should be, or a reason must be told for what does not.
 * Who is held out is rebuilt, and must come back. Then the contents are compared, and the store is
 * replayed.
 */
final class Convergence {
  private static final Duration LOOK = Duration.ofMillis(200);

  /** A remedy that was tried in vain is tried again after a minute at most. */
  private static final Duration LIMIT = Duration.ofSeconds(100);

  /** Reasons that are told for so long, without a break, are what it comes to. */
  private static final Duration STEADY = Duration.ofSeconds(20);

  /** To apply what was received, when nobody writes any more. */
  private static final Duration CATCH_UP = Duration.ofSeconds(60);

  private final World world;
  private final Options options;
  private final Refusals refusals;
  private final Operator operator;

  Convergence(World world, Options options, Refusals refusals, Operator operator) {
    this.world = world;
    this.options = options;
    this.refusals = refusals;
    this.operator = operator;
  }

  Verdict demand() {
    long end = world.kernel().now() + LIMIT.toNanos();
    long told = world.kernel().now();
    List<Settled.Complaint> complaints = Settled.complaints(world);
    while (!complaints.isEmpty()
        && world.kernel().now() < end
        && world.kernel().now() - told < STEADY.toNanos()) {
      world.run(LOOK);
      complaints = Settled.complaints(world);
      if (!complaints.stream().allMatch(c -> reason(c).isPresent())) {
        told = world.kernel().now();
      }
    }
    Repeats.demandNone(world);
    List<String> reasons = new ArrayList<>();
    for (Settled.Complaint complaint : complaints) {
      reasons.add(reason(complaint).orElseThrow(() -> withoutReason()));
    }
    if (complaints.isEmpty()) {
      world.proxied().ifPresent(Proxied::demandProgress);
    }
    finish(complaints.isEmpty());
    return Swarm.verdict(
        world, reasons.isEmpty() ? Verdict.End.CONVERGED : Verdict.End.HELD, reasons);
  }

  // --- reasons

  private Picture picture() {
    return world
        .surroundings()
        .picture()
        .orElseThrow(() -> new BrokenPromise("progress", "nothing was ever shown"));
  }

  private Optional<String> reason(Settled.Complaint complaint) {
    Picture picture = picture();
    return picture.decisions().stream()
        .filter(d -> d instanceof Decision.Hold)
        .map(d -> (Decision.Hold) d)
        .filter(h -> h.reason() != Decision.Reason.WAITING)
        .filter(h -> explains(h.diagnosis(), complaint, picture))
        .findFirst()
        .map(h -> h.reason() + ": " + h.sentence())
        .or(() -> refused(picture))
        .map(why -> complaint.words() + ": " + why);
  }

  /** The role is not moved, for a reason that showed itself only in the middle of the plan. */
  private Optional<String> refused(Picture picture) {
    Optional<ServerId> primary =
        picture.snapshot().record().reign().map(ClusterRecord.Reign::primary);
    boolean aboutRole = primary.filter(p -> !world.server(p).writable()).isPresent();
    return refusals.last().filter(r -> aboutRole).map(Event.PlanClosed::summary);
  }

  private BrokenPromise withoutReason() {
    return new BrokenPromise(
        "progress",
        Settled.complaints(world)
            + ", and no reason is told; diagnoses: "
            + picture().diagnoses().stream().map(Diagnosis::sentence).toList());
  }

  /** What holds up the role holds up everything; a relay holds up those below it. */
  private boolean explains(Diagnosis diagnosis, Settled.Complaint complaint, Picture picture) {
    Optional<ServerId> subject = diagnosis.subject();
    Optional<ServerId> primary =
        picture.snapshot().record().reign().map(ClusterRecord.Reign::primary);
    boolean aboutRole = subject.isEmpty() || subject.equals(primary);
    return aboutRole
        || complaint.server().equals(subject)
        || complaint.server().flatMap(s -> Settled.sourceOf(world, s)).equals(subject);
  }

  // --- the end

  private void finish(boolean well) {
    world.clientsStop();
    world.run(Duration.ofSeconds(2));
    boolean quiet = world.reaches(CATCH_UP, () -> Settled.allApplied(world));
    if (well && quiet) {
      new Rebuilding(world, operator).demand();
    }
    ClusterRecord replayed = world.manager().store().replayed();
    if (!replayed.equals(world.manager().store().state())) {
      throw new BrokenPromise(
          "store replays", replayed + " is not " + world.manager().store().state());
    }
    Settled.compareContents(world);
    world.proxied().ifPresent(Proxied::compareContents);
    world
        .manager()
        .store()
        .state()
        .reign()
        .map(r -> world.server(r.primary()))
        .filter(SimServer::writable)
        .ifPresent(world.promises()::hasAll);
    if (options.survivors().size() == world.servers().size()) {
      world.accounts().settle();
    }
  }
}
