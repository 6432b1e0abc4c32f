package dev.regent.core.plan;

import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The first reign of a store, or the next one where a script gave the role away: names what is,
 * changes nothing but the reign table.
 *
 * <p>Invariant: its epoch is higher than any that the primary's own table names, because the store
 * may be new while the cluster is not; and higher than the store's.
 *
 * @param acknowledging replicas whose semi-sync is on: members from the beginning
 * @param epoch until it is chosen, the last one that is known
 */
record AdoptionRun(
    String cluster,
    ServerId primary,
    GtidPosition position,
    SortedSet<ServerId> acknowledging,
    long epoch)
    implements Run {
  private static final Duration REIGN_DEADLINE = Duration.ofSeconds(10);

  AdoptionRun {
    acknowledging = Collections.unmodifiableSortedSet(new TreeSet<>(acknowledging));
  }

  @Override
  public Kind kind() {
    return Kind.ADOPTION;
  }

  @Override
  public String purpose() {
    return "adopt the cluster with " + primary + " as its primary";
  }

  @Override
  public Turn begin() {
    Step read = new Promoting.ReadLastReign(primary, cluster);
    return new Turn.Next(this, List.of(read), List.of());
  }

  @Override
  public Turn after(List<Result> results) {
    Result result = results.getFirst();
    if (!result.outcome().done()) {
      String reason = "could not " + result.step().sentence() + ": " + result.outcome().reason();
      return new Turn.Abandoned(reason, false, List.of());
    }
    return result.outcome() instanceof Outcome.Done d
            && d.evidence() instanceof Evidence.LastReign last
        ? write(last)
        : new Turn.Finished(
            purpose(), List.of(new Note.ReignBegan(reign()), new Note.Opened(epoch, primary)));
  }

  private Turn write(Evidence.LastReign last) {
    long following = Math.max(epoch, last.epoch()) + 1;
    AdoptionRun next = new AdoptionRun(cluster, primary, position, acknowledging, following);
    List<Note> notes = new ArrayList<>();
    if (last.epoch() > 0) {
      notes.add(
          new Note.Remark(
              primary + " knows reigns up to epoch " + last.epoch() + ", of " + last.primary()));
    }
    notes.add(new Note.ReignSent(primary));
    notes.add(new Note.SyncSetChanged(acknowledging));
    Step write = new Promoting.WriteReign(primary, cluster, next.reign(), false, REIGN_DEADLINE);
    return new Turn.Next(next, List.of(write), notes);
  }

  private Reign reign() {
    return new Reign(epoch, primary, position, 0);
  }
}
