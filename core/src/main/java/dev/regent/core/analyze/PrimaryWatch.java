package dev.regent.core.analyze;

import dev.regent.core.analyze.Diagnosis.PrimaryDead.Cause;
import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterRecord.Sighting;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Moment;
import dev.regent.core.model.Observation;
import dev.regent.core.model.Observation.Missed;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.model.Snapshot.Testimony;
import dev.regent.core.model.Snapshot.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a primary that does not answer is dead.
 *
 * <p>The central rule (DESIGN 5): it is dead when we cannot reach it <em>and its witnesses cannot
 * either</em>. A witness is a replica that was connected to it when both were last seen well. Its
 * word is one of four:
 *
 * <ul>
 *   <li>{@code HEARS}: heartbeats or events arrived after we lost the primary. One such witness and
 *       the primary lives; only our path is broken.
 *   <li>{@code LOST}: its receiving thread cannot connect, or it heard nothing for two of its own
 *       heartbeat periods, or it tried to reconnect for us and could not.
 *   <li>{@code UNDECIDED}: still connected, and not silent for long enough to mean anything.
 *   <li>{@code MUTE}: its receiving thread was stopped by somebody: no testimony. Where we stopped
 *       it, it is asked to reconnect.
 * </ul>
 *
 * <p>{@code Last_IO_Errno} lags by a whole timeout (physics 1) and stopped SQL threads say nothing
 * about the primary (orchestrator.md finding 5): neither is used.
 */
final class PrimaryWatch {
  /** A witness that once heard the primary counts as hearing it no longer than this. */
  private static final Duration HEARING_FADES = Duration.ofSeconds(10);

  /** How long the primary of a whole-cluster outage may take to come back by itself. */
  private static final Duration OUTAGE_GRACE = Duration.ofSeconds(30);

  private enum Word {
    HEARS,
    LOST,
    UNDECIDED,
    MUTE
  }

  /**
   * @param halted we stopped its receiving and did not get to start it again
   */
  private record Statement(
      View view, Testimony testimony, Word word, boolean connecting, boolean halted) {}

  private final Snapshot snapshot;
  private final View primary;
  private final Missed missed;
  private final Moment missing;
  private final Moment lastLife;

  private PrimaryWatch(Snapshot snapshot, View primary, Missed missed) {
    this.snapshot = snapshot;
    this.primary = primary;
    this.missed = missed;
    this.missing = primary.missingSince().orElse(missed.at());
    this.lastLife = primary.seen().map(s -> s.at()).orElse(missing);
  }

  /** At most one diagnosis; none if the primary answers or was not probed yet. */
  static List<Diagnosis> judge(Snapshot snapshot, View primary) {
    return primary
        .missed()
        .map(m -> List.of(new PrimaryWatch(snapshot, primary, m).judge()))
        .orElse(List.of());
  }

  private Diagnosis judge() {
    if (missed.kind().provesLife()) {
      return new Diagnosis.PrimaryLockedOut(primary.id(), missed.kind(), missed.detail());
    }
    if (snapshot.servers().stream().allMatch(v -> v.missed().isPresent())) {
      return new Diagnosis.ClusterDown(snapshot.servers().stream().map(View::id).toList());
    }
    List<View> unheard = notHeardSinceMissing();
    List<Statement> statements = statements();
    Optional<Statement> hearing = first(statements, Word.HEARS);
    if (hearing.isPresent()) {
      return new Diagnosis.PrimaryHidden(
          primary.id(), hearing.get().view().id(), missed.kind(), missing);
    }
    if (!unheard.isEmpty()) {
      return suspected("fresh word from " + Words.join(ids(unheard)));
    }
    List<Statement> lost = statements.stream().filter(s -> s.word() == Word.LOST).toList();
    Optional<Statement> undecided = first(statements, Word.UNDECIDED);
    if (undecided.isPresent()) {
      return undecided(undecided.get());
    }
    if (lost.isEmpty()) {
      return unwitnessed(statements);
    }
    return allLost(lost);
  }

  private Diagnosis allLost(List<Statement> lost) {
    List<ServerId> witnesses = lost.stream().map(s -> s.view().id()).toList();
    boolean crash = missed.kind().crash() && lost.stream().allMatch(Statement::connecting);
    Policy.Detection detection = snapshot.policy().detection();
    Duration silent = snapshot.now().since(lastLife);
    if (crash && primary.misses() < detection.confirmations()) {
      return suspected(
          "confirmation " + (primary.misses() + 1) + " of " + detection.confirmations());
    }
    if (!crash && silent.compareTo(detection.silence()) < 0) {
      return suspected("its silence to last " + detection.silence().toMillis() + " ms");
    }
    if (snapshot.now().since(missing).compareTo(detection.grace()) < 0) {
      return suspected(
          "it to come back within the grace of " + detection.grace().toMillis() + " ms");
    }
    return new Diagnosis.PrimaryDead(
        primary.id(), crash ? Cause.CRASH : Cause.SILENCE, witnesses, missing);
  }

  private Diagnosis undecided(Statement statement) {
    Duration quiet = snapshot.now().since(statement.testimony().lastHeard());
    Duration silence = snapshot.policy().detection().silence();
    boolean slow = quietNeeded(statement.testimony()).compareTo(silence) > 0;
    // Beside a frozen primary a test takes two seconds; until its end the silence is complete.
    Duration early = silence.multipliedBy(2).dividedBy(3);
    boolean testable = quiet.compareTo(early) >= 0 && silentToUs(early);
    if ((slow || statement.halted()) && testable) {
      List<ServerId> testers = testers();
      if (!testers.isEmpty()) {
        return new Diagnosis.PrimaryUntested(primary.id(), testers, missing);
      }
    }
    return suspected(
        statement.view().id()
            + " to hear it or to lose it (its heartbeat period is "
            + statement.testimony().period().toMillis()
            + " ms)");
  }

  /**
   * Caught-up witnesses whose SQL thread runs: restarting their IO threads purges nothing. All of
   * them at once, because one that cannot reach the primary proves nothing about the others.
   */
  private List<ServerId> testers() {
    return statements().stream()
        .filter(s -> s.word() == Word.UNDECIDED)
        .map(Statement::view)
        .filter(v -> testable(v.facts().orElseThrow()))
        .map(View::id)
        .toList();
  }

  private boolean testable(ServerFacts facts) {
    return channel(facts)
        .filter(c -> c.sqlRunning() && facts.applied().covers(c.received()))
        .isPresent();
  }

  private boolean silentToUs(Duration long_) {
    return snapshot.now().since(lastLife).compareTo(long_) >= 0;
  }

  private Diagnosis unwitnessed(List<Statement> statements) {
    List<ServerId> restarted =
        snapshot.others().stream().filter(this::restartedAndStopped).map(View::id).toList();
    boolean outage =
        !restarted.isEmpty()
            && snapshot.others().stream()
                .filter(View::reachable)
                .allMatch(v -> restarted.contains(v.id()));
    if (outage
        && missed.kind().crash()
        && snapshot.now().since(missing).compareTo(OUTAGE_GRACE) >= 0) {
      return new Diagnosis.PrimaryLostInOutage(primary.id(), restarted, missing);
    }
    String why =
        statements.isEmpty()
            ? "no reachable replica was connected to it when it was last seen well"
            : "replication was stopped by somebody on "
                + Words.join(statements.stream().map(s -> s.view().id()).toList());
    return new Diagnosis.PrimaryUnwitnessed(primary.id(), missed.kind(), why);
  }

  /** Its threads are stopped because it restarted after we last saw it: nobody stopped them. */
  private boolean restartedAndStopped(View view) {
    Optional<ServerFacts> facts = view.facts();
    Optional<Sighting> last = Optional.ofNullable(snapshot.record().sightings().get(view.id()));
    return facts.isPresent()
        && last.isPresent()
        && facts.get().startedMillis() > last.get().atMillis()
        && facts.get().channels().stream()
            .allMatch(c -> c.io() == ThreadState.NO && !c.sqlRunning());
  }

  // --- what each witness says

  private List<Statement> statements() {
    List<Statement> statements = new ArrayList<>();
    for (View view : snapshot.others()) {
      Optional<Testimony> testimony = view.witness().filter(t -> t.primary().equals(primary.id()));
      if (testimony.isPresent() && view.reachable()) {
        statements.add(state(view, testimony.get()));
      }
    }
    return statements;
  }

  private Statement state(View view, Testimony testimony) {
    ServerFacts facts = view.facts().orElseThrow();
    Optional<Channel> channel = channel(facts);
    ThreadState io = channel.map(Channel::io).orElse(ThreadState.NO);
    boolean halted = io == ThreadState.NO && snapshot.record().halted().contains(view.id());
    Word word =
        switch (io) {
          case NO -> halted ? halted(testimony, facts) : Word.MUTE;
          case CONNECTING -> connecting(view, testimony);
          case YES -> connected(testimony);
        };
    return new Statement(view, testimony, word, io == ThreadState.CONNECTING, halted);
  }

  /** We stopped it: after it tried for us in vain, or without letting it try. */
  private Word halted(Testimony testimony, ServerFacts facts) {
    if (triedInVain(testimony)) {
      return Word.LOST;
    }
    return testable(facts) ? Word.UNDECIDED : Word.MUTE;
  }

  private boolean triedInVain(Testimony testimony) {
    return testimony.checked().filter(c -> !c.reached() && c.at().isAfter(missing)).isPresent();
  }

  /**
   * Beside a port that refuses connections it needs no more. A silent primary is another matter: a
   * witness that heard it a moment ago, or began a moment ago to reconnect, has not lost it; with
   * slow heartbeats it may not have heard it for long before that. Our own test makes it reconnect.
   */
  private Word connecting(View view, Testimony testimony) {
    Duration silence = snapshot.policy().detection().silence();
    boolean tries =
        view.connecting()
            .filter(since -> snapshot.now().since(since).compareTo(silence.dividedBy(3)) >= 0)
            .isPresent();
    boolean quiet = snapshot.now().since(testimony.lastHeard()).compareTo(silence) >= 0;
    boolean refused = missed.kind().crash() && !snapshot.record().halted().contains(view.id());
    return refused || (tries && (quiet || missed.kind().crash())) ? Word.LOST : Word.UNDECIDED;
  }

  private Word connected(Testimony testimony) {
    Duration quiet = snapshot.now().since(testimony.lastHeard());
    if (triedInVain(testimony)) {
      return Word.LOST;
    }
    boolean heardSince = testimony.heardAfter().filter(h -> h.isAfter(missing)).isPresent();
    if (heardSince && quiet.compareTo(hearingLasts(testimony)) < 0) {
      return Word.HEARS;
    }
    return quiet.compareTo(quietNeeded(testimony)) >= 0 ? Word.LOST : Word.UNDECIDED;
  }

  /** How long a witness must hear nothing before that means anything. */
  private Duration quietNeeded(Testimony testimony) {
    Duration silence = snapshot.policy().detection().silence();
    if (testimony.period().isZero()) {
      // Without heartbeats an idle primary is silent for ever: only a test can tell.
      return Duration.ofDays(1);
    }
    Duration twoPeriods = testimony.period().multipliedBy(2);
    return twoPeriods.compareTo(silence) > 0 ? twoPeriods : silence;
  }

  private Duration hearingLasts(Testimony testimony) {
    Duration needed = quietNeeded(testimony);
    return needed.compareTo(HEARING_FADES) < 0 ? needed : HEARING_FADES;
  }

  /**
   * Witnesses that answer us, but whose last answer is older than the primary's silence; and those
   * whom a manager that has just started did not ask yet.
   */
  private List<View> notHeardSinceMissing() {
    return snapshot.others().stream()
        .filter(v -> v.witness().filter(t -> t.primary().equals(primary.id())).isPresent())
        .filter(v -> v.missed().isEmpty())
        .filter(v -> !v.latest().map(Observation::at).orElse(missing).isAfter(missing))
        .toList();
  }

  private Optional<Channel> channel(ServerFacts facts) {
    return facts.channels().stream()
        .filter(c ->
            snapshot
                .spec()
                .at(c.source())
                .map(ClusterSpec.Server::id)
                .filter(primary.id()::equals)
                .isPresent())
        .findFirst();
  }

  private Diagnosis suspected(String waitingFor) {
    return new Diagnosis.PrimarySuspected(primary.id(), missed.kind(), missing, waitingFor);
  }

  private static Optional<Statement> first(List<Statement> statements, Word word) {
    return statements.stream().filter(s -> s.word() == word).findFirst();
  }

  private static List<ServerId> ids(List<View> views) {
    return views.stream().map(View::id).toList();
  }
}
