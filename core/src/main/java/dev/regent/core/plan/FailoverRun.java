package dev.regent.core.plan;

import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.Observation;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerFacts.Durability;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Failover in the order of DESIGN 7, up to a drained candidate; {@link PromotionRun} does the rest.
 *
 * <p>Invariants: no position is trusted before receiving is stopped on its server; no thread is
 * started before the election except by a rescue, which leaves GTID mode first; in profile safe
 * nobody is promoted unless every member of the sync set was reached, or the operator forced it;
 * whoever is not the winner is left untouched until the drain is over.
 *
 * @param seen what they have received
 */
record FailoverRun(
    Brief brief,
    String purpose,
    Phase phase,
    List<Evidence.Standing> standings,
    Seen seen,
    Optional<Election.Result.Elected> elected,
    Undo undo,
    boolean teaching)
    implements Run {

  enum Phase {
    REVOKE,
    RESCUE,
    FETCH,
    RESCUE_AGAIN,
    RELAX,
    DRAIN,
    RESTORE,
    TEACH
  }

  private static final Duration REVOKE_DEADLINE = Duration.ofSeconds(8);
  private static final Duration FENCE_DEADLINE = Duration.ofMillis(500);
  private static final Duration FOLLOW_DEADLINE = Duration.ofSeconds(10);

  /** Serial and parallel durable apply on a slow disk, per transaction (physics 2.2). */
  private static final Duration SERIAL_APPLY = Duration.ofMillis(6);

  private static final Duration PARALLEL_APPLY = Duration.ofMillis(1);

  FailoverRun {
    standings = List.copyOf(standings);
  }

  static FailoverRun of(Brief brief, String purpose) {
    return new FailoverRun(
        brief,
        purpose,
        Phase.REVOKE,
        List.of(),
        Seen.NOTHING,
        Optional.empty(),
        Undo.NOTHING,
        false);
  }

  private FailoverRun at(Phase next) {
    return new FailoverRun(brief, purpose, next, standings, seen, elected, undo, teaching);
  }

  private FailoverRun with(List<Evidence.Standing> now, Undo more) {
    Seen all = seen;
    for (Evidence.Standing standing : now) {
      all = all.and(standing.received(), GtidPosition.EMPTY);
    }
    return new FailoverRun(brief, purpose, phase, now, all, elected, more, teaching);
  }

  private FailoverRun seeing(Rescued rescued) {
    Seen more = seen.and(rescued.held(), rescued.owed());
    return new FailoverRun(brief, purpose, phase, rescued.kept(), more, elected, undo, teaching);
  }

  private FailoverRun electing(Election.Result.Elected result) {
    return new FailoverRun(
        brief,
        purpose,
        phase,
        standings,
        seen,
        Optional.of(result),
        undo,
        result.teacher().isPresent());
  }

  private FailoverRun undoing(Undo more) {
    return with(standings, more);
  }

  private FailoverRun taught() {
    return new FailoverRun(brief, purpose, phase, standings, seen, elected, undo, false);
  }

  @Override
  public Kind kind() {
    return Kind.FAILOVER;
  }

  @Override
  public Turn begin() {
    List<Step> steps = new ArrayList<>();
    for (ServerId server : brief.direct()) {
      steps.add(new Receiving.StopReceiving(server, brief.channel(server), REVOKE_DEADLINE));
    }
    View old = brief.evidence().view(brief.old());
    if (brief.includeOld()) {
      steps.add(new Receiving.Examine(brief.old()));
    } else {
      brief.hooks().fence().ifPresent(limit -> steps.add(fence(limit)));
      if (worthFencing(old)) {
        steps.add(new Promoting.FenceReadOnly(brief.old(), FENCE_DEADLINE));
      }
    }
    return new Turn.Next(at(Phase.REVOKE), steps, List.of(new Note.WritesHeld()));
  }

  private Step fence(Duration limit) {
    return new Promoting.RunHook(
        Promoting.RunHook.Hook.FENCE, brief.old(), brief.old(), brief.epoch(), limit);
  }

  /** A refused connection says that no process is there to be fenced. */
  private static boolean worthFencing(View old) {
    return old.missed().map(m -> !m.kind().equals(Observation.Kind.REFUSED)).orElse(true);
  }

  @Override
  public Turn after(List<Result> results) {
    return switch (phase) {
      case REVOKE -> revoked(results);
      case RESCUE, RESCUE_AGAIN -> rescued(results);
      case FETCH -> fetched(results);
      case RELAX -> relaxed(results.getFirst().outcome());
      case DRAIN -> drained(results.getFirst().outcome());
      case RESTORE -> restored(results.getFirst().outcome());
      case TEACH -> teach(results.getFirst());
    };
  }

  // --- revoke

  private Turn revoked(List<Result> results) {
    List<Evidence.Standing> found = new ArrayList<>();
    Undo more = undo;
    for (Result result : results) {
      if (result.outcome() instanceof Outcome.Done d
          && d.evidence() instanceof Evidence.Standing s) {
        found.add(s);
        more = letGo(more, s);
      }
      more = undoing(more, result);
    }
    FailoverRun next = with(found, more);
    Optional<Result> hook =
        results.stream()
            .filter(r -> r.step() instanceof Promoting.RunHook && !r.outcome().done())
            .findFirst();
    if (hook.isPresent()) {
      return next.refuse("the fence hook failed: " + hook.get().outcome().reason());
    }
    List<ServerId> unreached = Election.unreached(brief, found);
    if (brief.safe() && !brief.force() && !unreached.isEmpty()) {
      return next.refuse(Election.naming(unreached));
    }
    if (found.isEmpty()) {
      return next.refuse("no replica was reached");
    }
    List<Step> rescues =
        found.stream()
            .filter(s -> !s.receivedKnown() && brief.hasChannel(s.server()))
            .filter(s -> !s.server().equals(brief.old()))
            .map(s -> rescue(s.server()))
            .toList();
    return rescues.isEmpty()
        ? next.elect()
        : new Turn.Next(next.at(Phase.RESCUE), rescues, List.of());
  }

  /** What a step of the revocation changed, besides what its standing tells. */
  private Undo undoing(Undo more, Result result) {
    return switch (result.step()) {
      case Receiving.StopReceiving s when result.outcome() instanceof Outcome.Unknown ->
          more.first(new Receiving.StartReceiving(s.server(), s.channel()));
      case Promoting.FenceReadOnly s when result.outcome().done() && wasOpen() ->
          more.first(brief.reopen(false, brief.oldPosition()));
      default -> more;
    };
  }

  private boolean wasOpen() {
    return brief.oldFacts().filter(f -> !f.readOnly()).isPresent();
  }

  private Undo letGo(Undo more, Evidence.Standing standing) {
    if (standing.server().equals(brief.old()) || !brief.hasChannel(standing.server())) {
      return more;
    }
    return standing.applying()
        ? more.first(
            new Receiving.StartReceiving(standing.server(), brief.channel(standing.server())))
        : more.leaving(standing.server());
  }

  private Step rescue(ServerId server) {
    return new Receiving.Rescue(
        server, brief.channel(server), brief.policy().failover().drainBudget());
  }

  private Turn rescued(List<Result> results) {
    Rescued rescued = Rescued.of(brief, standings, results);
    List<Step> fetches = phase == Phase.RESCUE ? rescued.fetches(brief, standings) : List.of();
    if (!fetches.isEmpty()) {
      return new Turn.Next(with(rescued.all(standings), undo).at(Phase.FETCH), fetches, List.of());
    }
    if (rescued.refusal().isPresent()) {
      return refuse(rescued.refusal().get());
    }
    boolean all = rescued.kept().size() == standings.size();
    FailoverRun next = seeing(rescued).undoing(undo);
    // Without one of them the choice is made anew among the rest.
    Turn turn = elected.isPresent() && all ? next.drainOver() : next.elect();
    return turn.after(rescued.remarks());
  }

  /** What could not be fetched, the next rescue misses again, and says so. */
  private Turn fetched(List<Result> results) {
    List<Note> remarks = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    List<Evidence.Standing> now = new ArrayList<>(standings);
    for (Result result : results) {
      ServerId server = result.step().server();
      Optional<String> skipped = Rescued.skippedOwn(result, standings);
      if (skipped.isPresent() && Rescued.mustBeKept(brief, server)) {
        return refuse(skipped.get());
      }
      if (skipped.isPresent()) {
        now.removeIf(s -> s.server().equals(server));
        remarks.add(new Note.Remark(skipped.get()));
      } else {
        remarks.addAll(remark(result.outcome(), "could not " + result.step().sentence()));
        steps.add(rescue(server));
      }
    }
    FailoverRun next = with(now, undo).at(Phase.RESCUE_AGAIN);
    return steps.isEmpty() ? next.elect().after(remarks) : new Turn.Next(next, steps, remarks);
  }

  // --- elect and drain

  private Turn elect() {
    return switch (Election.hold(brief, standings, seen.all())) {
      case Election.Result.SplitBrain s -> refuse("split brain: " + s.why());
      case Election.Result.Nobody n -> refuse("no server may be promoted: " + n.why());
      case Election.Result.Elected e when !e.holder().received().covers(seen.owed()) ->
          refuse(
              "nobody could apply "
                  + seen.owed()
                  + ", which sync members hold"
                  + Rescued.wayOut(brief));
      case Election.Result.Elected e -> chosen(e, electing(e).drain());
    };
  }

  private static Turn chosen(Election.Result.Elected e, Turn turn) {
    ServerId winner = e.winner().server();
    return turn.after(List.of(new Note.Chosen(winner, e.reasons()), new Note.Candidate(winner)));
  }

  /** The server to be drained now: the teacher first, if the winner must catch up from one. */
  private Evidence.Standing pupil() {
    Election.Result.Elected e = elected.orElseThrow();
    return current(teaching ? e.teacher().orElseThrow().server() : e.winner().server());
  }

  private Evidence.Standing current(ServerId server) {
    return standings.stream().filter(s -> s.server().equals(server)).findFirst().orElseThrow();
  }

  private Turn drain() {
    Evidence.Standing pupil = pupil();
    FailoverRun next = owingDurability(pupil.server());
    if (pupil.applied().covers(pupil.received())) {
      return next.drainOver();
    }
    if (!pupil.applying()) {
      return new Turn.Next(next.at(Phase.RESCUE), List.of(rescue(pupil.server())), List.of());
    }
    Optional<Durability> original = relaxable(pupil);
    if (next.restore().isEmpty() && original.isPresent()) {
      Undo more = undo.first(new Receiving.RestoreDurability(pupil.server(), original.get()));
      Step relax = new Receiving.RelaxDurability(pupil.server(), original.get());
      return new Turn.Next(undoing(more).at(Phase.RELAX), List.of(relax), List.of());
    }
    return next.drainNow(pupil, List.of());
  }

  /** A manager that died during a drain left this server relaxed; the record has the original. */
  private FailoverRun owingDurability(ServerId server) {
    return Optional.ofNullable(brief.evidence().record().relaxed().get(server))
        .map(original -> undoing(undo.first(new Receiving.RestoreDurability(server, original))))
        .orElse(this);
  }

  private Turn drainNow(Evidence.Standing pupil, List<Note> notes) {
    Step drain =
        new Receiving.Drain(
            pupil.server(),
            brief.channel(pupil.server()),
            pupil.received(),
            brief.policy().failover().drainBudget());
    return new Turn.Next(at(Phase.DRAIN), List.of(drain), notes);
  }

  /** The values to restore, if relaxing is worth it and safe (DESIGN 7.6). */
  private Optional<Durability> relaxable(Evidence.Standing pupil) {
    long backlog = pupil.received().beyond(pupil.applied());
    int threads = brief.facts(pupil.server()).map(f -> f.parallelThreads()).orElse(0);
    Duration each = threads > 1 ? PARALLEL_APPLY : SERIAL_APPLY;
    boolean long_ =
        each.multipliedBy(backlog).compareTo(brief.policy().failover().relaxAbove()) > 0;
    boolean copyElsewhere =
        standings.stream()
            .anyMatch(
                s -> !s.server().equals(pupil.server()) && s.received().covers(pupil.received()));
    boolean allowed = brief.policy().profile() != Profile.SAFE || copyElsewhere;
    return brief.facts(pupil.server()).map(f -> f.durability()).filter(d -> long_ && allowed);
  }

  private Turn relaxed(Outcome outcome) {
    // A drain without it is slow, not wrong.
    return drainNow(pupil(), remark(outcome, "durability could not be relaxed"));
  }

  private static List<Note> remark(Outcome outcome, String what) {
    return outcome.done() ? List.of() : List.of(new Note.Remark(what + ": " + outcome.reason()));
  }

  private Turn drained(Outcome outcome) {
    Evidence.Standing pupil = pupil();
    if (outcome instanceof Outcome.Unknown) {
      return new Turn.Next(this, List.of(new Receiving.Examine(pupil.server())), List.of());
    }
    if (!(outcome instanceof Outcome.Done d && d.evidence() instanceof Evidence.Standing s)) {
      return refuse(pupil.server() + " could not apply all it received: " + outcome.reason());
    }
    // What it received was read before; a restart since then may have made it forget.
    Evidence.Standing now = s.holding(pupil.received());
    FailoverRun next = with(replace(now), undo);
    long left = now.received().beyond(now.applied());
    if (left == 0) {
      return next.skipped(now).map(next::refuse).orElseGet(next::drainOver);
    }
    String over = pupil.server() + " has " + left + " transactions left when its drain budget ends";
    return switch (brief.policy().failover().onDrainTimeout()) {
      case WAIT -> next.drainNow(now, List.of(new Note.Remark(over + "; waiting on")));
      case PROMOTE -> next.drainOver().after(new Note.Remark(over + "; promoted without them"));
      case HOLD -> next.refuse(over);
    };
  }

  private Optional<String> skipped(Evidence.Standing pupil) {
    return elected
        .flatMap(Election.Result.Elected::teacher)
        .filter(t -> !teaching)
        .flatMap(t -> Rescued.skipped(pupil, current(t.server())))
        .or(() -> Election.skippedOwn(brief, standings, pupil));
  }

  private Turn drainOver() {
    Optional<Step> restore = restore();
    return restore.isPresent()
        ? new Turn.Next(at(Phase.RESTORE), List.of(restore.get()), List.of())
        : afterDrain();
  }

  private List<Evidence.Standing> replace(Evidence.Standing now) {
    return standings.stream().map(s -> s.server().equals(now.server()) ? now : s).toList();
  }

  private Optional<Step> restore() {
    return undo.steps().stream()
        .filter(s -> s instanceof Receiving.RestoreDurability)
        .filter(s -> s.server().equals(pupil().server()))
        .findFirst();
  }

  private Turn restored(Outcome outcome) {
    // Where nobody knows, the record keeps it, and it is repaired after a look at the server.
    boolean again = outcome instanceof Outcome.Failed;
    FailoverRun next = again ? this : undoing(undo.without(Receiving.RestoreDurability.class));
    return outcome.done()
        ? next.afterDrain()
        : next.refuse(
            "durability of " + pupil().server() + " could not be restored: " + outcome.reason());
  }

  private Turn afterDrain() {
    return teaching ? startTeaching() : promote();
  }

  // --- a preferred candidate that is behind learns from the most advanced one

  private Turn startTeaching() {
    Evidence.Standing teacher = pupil();
    ServerId winner = elected.orElseThrow().winner().server();
    Step follow =
        new Receiving.Follow(
            winner,
            brief.channel(winner),
            teacher.server(),
            brief.spec().server(teacher.server()).replicationAddress(),
            brief.policy().replication().heartbeat(),
            brief.policy().replication().connectRetrySeconds(),
            // It may have to learn its own transactions, which a recovery cut off: only a demoted
            // server takes them, any other skips them in silence (physics 5.3).
            true,
            false,
            FOLLOW_DEADLINE);
    return new Turn.Next(undoing(undo.leaving(winner)).at(Phase.TEACH), List.of(follow), List.of());
  }

  private Turn teach(Result result) {
    if (!result.outcome().done()) {
      return refuse("could not " + result.step().sentence() + ": " + result.outcome().reason());
    }
    Evidence.Standing teacher = pupil();
    Evidence.Standing winner = current(elected.orElseThrow().winner().server());
    Evidence.Standing target =
        new Evidence.Standing(
            winner.server(),
            teacher.received(),
            winner.applied(),
            winner.binlogState(),
            true,
            true,
            true);
    FailoverRun next = with(replace(target), undo).taught().owingDurability(winner.server());
    return next.drainNow(target, List.of());
  }

  // --- hand over

  private Turn promote() {
    Evidence.Standing winner = current(elected.orElseThrow().winner().server());
    List<ServerId> others =
        standings.stream()
            .map(Evidence.Standing::server)
            .filter(s -> !s.equals(winner.server()) && !s.equals(brief.old()))
            .filter(s -> !elected.orElseThrow().errant().contains(s))
            .toList();
    boolean oldIsBack = brief.includeOld() && !winner.server().equals(brief.old());
    return new PromotionRun(
            brief,
            Kind.FAILOVER,
            purpose,
            PromotionRun.Phase.PREPARE,
            winner.server(),
            winner.applied(),
            others,
            oldIsBack ? needed(others) : Optional.empty(),
            brief.loss(standings, seen.all(), winner, oldIsBack),
            undo,
            List.of(),
            0)
        .begin()
        .after(Rescued.price(winner.server(), Election.passedOver(brief, standings, winner)));
  }

  /**
   * The old primary is compared and attached by its own plan: it may be errant. But where nobody
   * else could acknowledge for the new one, it has to follow before the reign begins, if it has
   * nothing of its own.
   */
  private Optional<ServerId> needed(List<ServerId> others) {
    boolean somebody = others.stream().anyMatch(o -> brief.members().contains(o));
    boolean clean =
        standings.stream().anyMatch(s -> s.server().equals(brief.old()))
            && !elected.orElseThrow().errant().contains(brief.old())
            && brief.spec().server(brief.old()).synchronous();
    return brief.safe() && !somebody && clean ? Optional.of(brief.old()) : Optional.empty();
  }

  private Turn refuse(String reason) {
    return undo.because(Kind.FAILOVER, reason, true);
  }
}
