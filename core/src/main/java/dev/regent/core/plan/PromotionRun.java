package dev.regent.core.plan;

import dev.regent.core.analyze.Loss;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerFacts.SemiSync;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The common end of failover and switchover: a drained candidate becomes primary.
 *
 * <p>Invariants: nothing is opened before its reign row is committed; once the row may have been
 * sent, only this server may finish; the sync set shrinks only after the reign began, so that a
 * crash in between still demands every server that could hold an acknowledged write.
 *
 * @param before the position the winner holds
 * @param others servers that shall follow the winner
 * @param demoted the old primary, if it is closed, has nothing of its own, and becomes a replica
 * @param following servers that follow the winner already
 * @param looks how often an unknown reign was looked for
 */
record PromotionRun(
    Brief brief,
    Kind kind,
    String purpose,
    Phase phase,
    ServerId winner,
    GtidPosition before,
    List<ServerId> others,
    Optional<ServerId> demoted,
    Loss loss,
    Undo undo,
    List<ServerId> following,
    int looks)
    implements Run {

  enum Phase {
    PREPARE,
    REIGN,
    LOOK,
    OPEN,
    STOP_AGAIN,
    OPEN_AGAIN,
    FINISH
  }

  /** A server that does not answer three looks in a row is looked at again by a later plan. */
  private static final int LOOKS_MAX = 3;

  private static final Duration REIGN_DEADLINE = Duration.ofSeconds(10);
  private static final Duration FOLLOW_DEADLINE = Duration.ofSeconds(10);

  PromotionRun {
    others = List.copyOf(others);
    following = List.copyOf(following);
  }

  private PromotionRun at(Phase next) {
    return new PromotionRun(
        brief, kind, purpose, next, winner, before, others, demoted, loss, undo, following, looks);
  }

  private PromotionRun undoing(Undo more) {
    return new PromotionRun(
        brief, kind, purpose, phase, winner, before, others, demoted, loss, more, following, looks);
  }

  private PromotionRun with(List<ServerId> nowFollowing) {
    return new PromotionRun(
        brief,
        kind,
        purpose,
        phase,
        winner,
        before,
        others,
        demoted,
        loss,
        undo,
        nowFollowing,
        looks);
  }

  private PromotionRun lookedOnce() {
    return new PromotionRun(
        brief,
        kind,
        purpose,
        Phase.LOOK,
        winner,
        before,
        others,
        demoted,
        loss,
        undo,
        following,
        looks + 1);
  }

  @Override
  public Turn begin() {
    return switch (phase) {
      case PREPARE -> prepare();
      case REIGN -> reign();
      case LOOK -> look();
      case OPEN, OPEN_AGAIN -> open(List.of());
      case STOP_AGAIN -> stopAgain();
      case FINISH -> finish(List.of());
    };
  }

  @Override
  public Turn after(List<Result> results) {
    return switch (phase) {
      case PREPARE -> prepared(results);
      case REIGN -> reigned(results.getFirst().outcome());
      case LOOK -> looked(results.getFirst().outcome());
      case OPEN, OPEN_AGAIN -> opened(results.getFirst().outcome());
      case STOP_AGAIN -> at(Phase.OPEN_AGAIN).open(List.of());
      case FINISH -> new Turn.Finished(summary(results), List.of());
    };
  }

  // --- prepare

  /** Members of the new reign's sync set: those that were reached; nobody else may acknowledge. */
  private NavigableSet<ServerId> newMembers() {
    NavigableSet<ServerId> members = new TreeSet<>();
    if (brief.safe()) {
      members.addAll(brief.evidence().record().syncSet());
      demoted.ifPresent(members::add);
      members.retainAll(reached());
      members.remove(winner);
    }
    return members;
  }

  private List<ServerId> reached() {
    List<ServerId> reached = new ArrayList<>(others);
    demoted.ifPresent(reached::add);
    return reached;
  }

  private Turn prepare() {
    NavigableSet<ServerId> members = newMembers();
    if (brief.safe() && members.isEmpty() && !brief.force()) {
      return undo.because(
          kind,
          "nobody is left who could acknowledge for " + winner + ", so its first commit would wait",
          true);
    }
    List<Step> steps = new ArrayList<>();
    Undo more = undo;
    if (kind == Kind.SWITCHOVER) {
      demoted.ifPresent(d -> steps.add(new Freezing.CheckFrozen(d, before)));
    }
    if (mayFollow()) {
      steps.add(new Receiving.StopReplication(winner, brief.channel(winner)));
    }
    if (brief.hasChannel(winner)) {
      more = more.first(restart());
    }
    brief
        .hooks()
        .prePromote()
        .ifPresent(limit -> steps.add(hook(Promoting.RunHook.Hook.PRE_PROMOTE, limit)));
    List<Step> semiSync = semiSync(members);
    steps.addAll(semiSync);
    if (!semiSync.isEmpty()) {
      // Left on, it would stall the applier of a replica (physics 4.3).
      more = more.first(new Promoting.SetSemiSyncPrimary(winner, false, 0, false));
    }
    for (ServerId member : members) {
      boolean isDemoted = demoted.filter(member::equals).isPresent();
      if (!following.contains(member) && (!isDemoted || members.size() == 1)) {
        steps.add(follow(member, isDemoted, true));
        more = backTo(more, member);
      }
    }
    return new Turn.Next(undoing(more).at(Phase.PREPARE), steps, List.of());
  }

  /** A primary that gets its role back followed nobody, but perhaps its teacher a moment ago. */
  private boolean mayFollow() {
    return brief.hasChannel(winner) || brief.includeOld();
  }

  /** A drained candidate that stops again was fully applied: starting both threads is safe. */
  private Step restart() {
    return new Receiving.StartReplication(winner, brief.channel(winner));
  }

  /** An early follower goes back to an old primary that is well; a dead one has no followers. */
  private Undo backTo(Undo more, ServerId member) {
    if (demoted.isEmpty()) {
      return more;
    }
    return demoted.get().equals(member)
        ? restored(more, brief, member)
        : more.first(backToOld(brief, member));
  }

  static Step backToOld(Brief brief, ServerId server) {
    return new Receiving.Follow(
        server,
        brief.channel(server),
        brief.old(),
        brief.spec().server(brief.old()).replicationAddress(),
        brief.policy().replication().heartbeat(),
        brief.policy().replication().connectRetrySeconds(),
        brief.learnsOwn(server, true),
        brief.safe() || brief.policy().profile() == Profile.AVAILABLE,
        FOLLOW_DEADLINE);
  }

  /** An old primary that followed for a moment: protected again before it is opened again. */
  static Undo restored(Undo more, Brief brief, ServerId old) {
    String channel = brief.channel(old);
    Undo undo = more.first(new Promoting.ForgetSource(old, channel));
    undo = undo.first(new Receiving.StopReplication(old, channel));
    return brief.safe()
        ? undo.first(new Promoting.SetSemiSyncPrimary(old, true, SemiSync.ENDLESS, true))
        : undo;
  }

  private List<Step> semiSync(NavigableSet<ServerId> members) {
    if (!brief.policy().replication().manageSemiSync()) {
      return List.of();
    }
    long timeout = brief.policy().replication().semiSyncTimeout().toMillis();
    return switch (brief.policy().profile()) {
      case ASYNC -> List.of();
      case AVAILABLE -> List.of(new Promoting.SetSemiSyncPrimary(winner, true, timeout, false));
      case SAFE ->
          List.of(
              members.isEmpty()
                  ? new Promoting.SetSemiSyncPrimary(winner, false, 0, false)
                  : new Promoting.SetSemiSyncPrimary(winner, true, SemiSync.ENDLESS, true));
    };
  }

  private Turn prepared(List<Result> results) {
    for (Result result : results) {
      boolean follows = result.step() instanceof Receiving.Follow;
      if (!result.outcome().done() && !follows) {
        return undo.because(
            kind,
            "could not " + result.step().sentence() + ": " + result.outcome().reason(),
            result.step() instanceof Promoting.RunHook);
      }
    }
    List<ServerId> follow = new ArrayList<>(following);
    results.stream()
        .filter(r -> r.step() instanceof Receiving.Follow && connected(r.outcome()))
        .forEach(r -> follow.add(r.step().server()));
    boolean nobody = brief.safe() && !newMembers().isEmpty() && follow.isEmpty();
    if (nobody) {
      return undo.because(
          kind, "no sync member follows " + winner + " yet, so nobody could acknowledge", true);
    }
    return with(follow).reign();
  }

  /** Pointed, and not told that it could not connect yet. */
  static boolean connected(Outcome outcome) {
    return outcome instanceof Outcome.Done d
        && !(d.evidence() instanceof Evidence.Found f && !f.found());
  }

  /** Whether the new primary's commits wait for somebody; a restart would make it forget that. */
  private boolean acknowledged() {
    return brief.safe() && brief.policy().replication().manageSemiSync() && !newMembers().isEmpty();
  }

  // --- the point of no return

  private Reign newReign() {
    return new Reign(brief.epoch(), winner, before, 0);
  }

  private Turn reign() {
    Step write =
        new Promoting.WriteReign(
            winner, brief.spec().name(), newReign(), acknowledged(), REIGN_DEADLINE);
    return new Turn.Next(at(Phase.REIGN), List.of(write), List.of(new Note.ReignSent(winner)));
  }

  private Turn reigned(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done d -> begun();
      case Outcome.Failed f ->
          undo.because(kind, "the reign row was refused by " + winner + ": " + f.reason(), false);
      case Outcome.Unknown u -> look();
    };
  }

  private Turn begun() {
    List<Note> notes = new ArrayList<>(List.of(new Note.ReignBegan(newReign())));
    if (brief.safe()) {
      notes.add(new Note.SyncSetChanged(newMembers()));
    }
    return open(notes);
  }

  private Turn look() {
    Step look = new Promoting.LookForReign(winner, brief.spec().name(), brief.epoch());
    return new Turn.Next(lookedOnce(), List.of(look), List.of());
  }

  private Turn looked(Outcome outcome) {
    if (outcome instanceof Outcome.Done d && d.evidence() instanceof Evidence.Found found) {
      return found.found()
          ? begun()
          : undo.because(kind, "the reign row never arrived on " + winner, false);
    }
    return looks < LOOKS_MAX
        ? look()
        : new Turn.Suspended(
            "whether "
                + winner
                + " holds the reign row is unknown: only "
                + winner
                + " may finish");
  }

  // --- open and finish

  private Turn open(List<Note> notes) {
    Step open =
        new Promoting.OpenForWrites(winner, brief.channel(winner), brief.epoch(), acknowledged());
    Phase opening = phase == Phase.OPEN_AGAIN ? phase : Phase.OPEN;
    return new Turn.Next(at(opening), List.of(open), notes);
  }

  /** Somebody started its threads again, while no manager was there or against it. */
  private Turn stopAgain() {
    Step stop = new Receiving.StopReplication(winner, brief.channel(winner));
    return new Turn.Next(at(Phase.STOP_AGAIN), List.of(stop), List.of());
  }

  private Turn opened(Outcome outcome) {
    if (outcome.done()) {
      return finish(List.of(new Note.Opened(brief.epoch(), winner), new Note.LossStated(loss)));
    }
    if (outcome instanceof Outcome.Failed && phase == Phase.OPEN && mayFollow()) {
      return stopAgain();
    }
    return new Turn.Suspended(
        winner + " holds the reign but could not be opened: " + outcome.reason());
  }

  private Turn finish(List<Note> opened) {
    List<Note> notes = new ArrayList<>(opened);
    demoted.ifPresent(d -> notes.add(new Note.Attached(d)));
    List<Step> steps = new ArrayList<>();
    for (ServerId other : reached()) {
      if (!following.contains(other)) {
        boolean isDemoted = demoted.filter(other::equals).isPresent();
        steps.add(follow(other, isDemoted, newMembers().contains(other) || !brief.safe()));
      }
    }
    if (mayFollow()) {
      steps.add(new Promoting.ForgetSource(winner, brief.channel(winner)));
    }
    boolean scheduler = brief.oldFacts().filter(f -> f.eventScheduler()).isPresent();
    steps.add(new Promoting.EnableEvents(winner, scheduler));
    demoted.ifPresent(d -> steps.add(new Promoting.DisableEvents(d)));
    brief
        .hooks()
        .postPromote()
        .ifPresent(limit -> steps.add(hook(Promoting.RunHook.Hook.POST_PROMOTE, limit)));
    return new Turn.Next(at(Phase.FINISH), steps, notes);
  }

  private Step follow(ServerId server, boolean demote, boolean acknowledges) {
    return follow(brief, winner, server, demote, acknowledges);
  }

  static Step follow(
      Brief brief, ServerId winner, ServerId server, boolean demote, boolean acknowledges) {
    boolean semiSync = acknowledges && brief.policy().profile() != Profile.ASYNC;
    return new Receiving.Follow(
        server,
        brief.channel(server),
        winner,
        brief.spec().server(winner).replicationAddress(),
        brief.policy().replication().heartbeat(),
        brief.policy().replication().connectRetrySeconds(),
        demote || brief.learnsOwn(server, acknowledges),
        semiSync,
        FOLLOW_DEADLINE);
  }

  private Step hook(Promoting.RunHook.Hook hook, Duration limit) {
    return new Promoting.RunHook(hook, winner, brief.old(), brief.epoch(), limit);
  }

  private String summary(List<Result> results) {
    return winner
        + " is primary of epoch "
        + brief.epoch()
        + "; "
        + loss.sentence()
        + failed("; to be repeated: ", results, r -> !(r.step() instanceof Promoting.RunHook))
        // What a hook has done by halves nobody knows but its author.
        + failed("; not repeated: ", results, r -> r.step() instanceof Promoting.RunHook);
  }

  private static String failed(String intro, List<Result> results, Predicate<Result> which) {
    List<String> failed =
        results.stream()
            .filter(which.and(r -> !r.outcome().done()))
            .map(r -> "could not " + r.step().sentence() + ": " + r.outcome().reason())
            .toList();
    return failed.isEmpty() ? "" : intro + String.join("; ", failed);
  }
}
