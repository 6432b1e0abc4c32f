package dev.regent.core.plan;

import dev.regent.core.analyze.Loss;
import dev.regent.core.model.ClusterRecord.Quarantine;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.model.Snapshot.View;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What the results of single steps mean for the record. */
final class Findings {
  private Findings() {}

  static List<Note> notes(Run.Result result) {
    if (!(result.outcome() instanceof Outcome.Done done)) {
      return List.of();
    }
    return switch (done.evidence()) {
      case Evidence.Saved saved when result.step() instanceof Keeping.SaveErrant s ->
          List.of(isolated(s, saved));
      case Evidence.Unappliable u ->
          List.of(
              new Note.Remark(
                  "the relay log of "
                      + result.step().server()
                      + " could not be applied: "
                      + u.why()));
      case Evidence.Found found when result.step() instanceof Receiving.TestPrimary t ->
          List.of(new Note.Tested(t.server(), found.found()));
      default -> List.of();
    };
  }

  private static Note isolated(Keeping.SaveErrant step, Evidence.Saved saved) {
    return new Note.Isolated(
        step.server(),
        new Quarantine(
            "it has "
                + GtidState.count(step.ranges())
                + " transactions that the primary does not have",
            step.ranges(),
            saved.file(),
            0));
  }

  /** Another server has the same server id, as far as is known. */
  static boolean hasTwin(Snapshot snapshot, ServerId server) {
    Optional<Long> id = id(snapshot.view(server));
    return id.isPresent()
        && snapshot.servers().stream().anyMatch(v -> !v.id().equals(server) && id(v).equals(id));
  }

  private static Optional<Long> id(View view) {
    return view.seen().map(s -> s.facts().serverId());
  }

  /**
   * The account as exact as it can be, once the old primary is back.
   *
   * @param log of the old primary
   * @param errant what it has beyond the primary's
   * @param shared another server has its server id
   */
  static Note returnedLoss(GtidState log, List<GtidState.Range> errant, boolean shared) {
    long certain = log.certain(errant);
    Loss.Proof counted =
        certain == GtidState.count(errant) ? Loss.Proof.EXACT : Loss.Proof.OUT_OF_TURN;
    return new Note.LossStated(
        new Loss(
            shared ? Loss.Proof.SHARED_ID : counted,
            certain,
            OptionalLong.empty(),
            GtidPosition.EMPTY));
  }
}
