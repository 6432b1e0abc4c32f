package dev.regent.core.plan;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Takes a member out of the sync set: disable, reconnect, its old connection gone on the primary,
 * and only then unpublish (DESIGN 6).
 *
 * <p>Invariant: whoever stays has all that the leaving member has acknowledged. Others may be
 * behind it, so once it can acknowledge no more the primary's position is read, and some other
 * member must have received as much before the set shrinks.
 */
record LeavingRun(
    Snapshot snapshot, ServerId primary, ServerId member, Phase phase, GtidPosition acknowledged)
    implements Run {

  enum Phase {
    DISABLE,
    RECONNECT,
    CONFIRM,
    MEASURE,
    COMPARE
  }

  static LeavingRun of(Snapshot snapshot, ServerId member) {
    ServerId primary = snapshot.record().reign().orElseThrow().primary();
    return new LeavingRun(snapshot, primary, member, Phase.DISABLE, GtidPosition.EMPTY);
  }

  private LeavingRun at(Phase next) {
    return new LeavingRun(snapshot, primary, member, next, acknowledged);
  }

  @Override
  public Kind kind() {
    return Kind.SYNC_SET;
  }

  @Override
  public String purpose() {
    return "remove " + member + " from the sync set";
  }

  @Override
  public Turn begin() {
    return next(Phase.DISABLE, new Keeping.SetSemiSyncReplica(member, false));
  }

  private Turn next(Phase phase, Step... steps) {
    return new Turn.Next(at(phase), List.of(steps), List.of());
  }

  @Override
  public Turn after(List<Result> results) {
    if (phase == Phase.COMPARE) {
      return compared(results);
    }
    Result result = results.getFirst();
    if (!result.outcome().done()) {
      return new Turn.Abandoned(
          "could not " + result.step().sentence() + ": " + result.outcome().reason(),
          false,
          List.of());
    }
    return switch (phase) {
      case DISABLE -> receives() ? next(Phase.RECONNECT, reconnect()) : confirm();
      case RECONNECT -> confirm();
      case CONFIRM -> next(Phase.MEASURE, new Receiving.Examine(primary));
      case MEASURE, COMPARE -> measured(result.outcome());
    };
  }

  private ServerFacts facts() {
    return snapshot.view(member).facts().orElseThrow();
  }

  private boolean receives() {
    return facts().channels().stream().anyMatch(c -> c.io() != ThreadState.NO);
  }

  private Step reconnect() {
    String channel =
        facts().channels().stream()
            .filter(c -> c.io() != ThreadState.NO)
            .map(Channel::name)
            .findFirst()
            .orElse("");
    return new Receiving.RestartReceiving(member, channel);
  }

  private Turn confirm() {
    return next(Phase.CONFIRM, new Keeping.ConfirmDumpRenewed(primary, member, facts().serverId()));
  }

  private SortedSet<ServerId> rest() {
    SortedSet<ServerId> rest = new TreeSet<>(snapshot.record().syncSet());
    rest.remove(member);
    return rest;
  }

  private Turn measured(Outcome outcome) {
    if (!(outcome instanceof Outcome.Done d && d.evidence() instanceof Evidence.Standing s)) {
      return new Turn.Abandoned("the position of " + primary + " is unknown", false, List.of());
    }
    List<Step> looks = new ArrayList<>();
    rest().forEach(m -> looks.add(new Receiving.Examine(m)));
    return new Turn.Next(
        new LeavingRun(snapshot, primary, member, Phase.COMPARE, s.received()), looks, List.of());
  }

  private Turn compared(List<Result> results) {
    boolean enough =
        results.stream()
            .anyMatch(r ->
                r.outcome() instanceof Outcome.Done d
                    && d.evidence() instanceof Evidence.Standing s
                    && s.received().covers(acknowledged));
    return enough
        ? new Turn.Finished(purpose(), List.of(new Note.SyncSetChanged(rest())))
        : new Turn.Abandoned(
            "no other member has received all that " + member + " may have acknowledged",
            true,
            List.of());
  }
}
