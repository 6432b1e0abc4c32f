package dev.regent.core.control;

import dev.regent.core.analyze.Words;
import dev.regent.core.model.ClusterRecord.Quarantine;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.Moment;
import dev.regent.core.plan.Note;
import java.util.List;
import java.util.Optional;

/** What a run's notes become in the store and in words. */
final class Chronicle {
  private Chronicle() {}

  static Optional<Entry> entry(Note note, Moment now) {
    return switch (note) {
      case Note.ReignBegan n -> {
        Reign r = n.reign();
        yield Optional.of(
            new Entry.ReignBegan(new Reign(r.epoch(), r.primary(), r.before(), now.millis())));
      }
      case Note.SyncSetChanged n -> Optional.of(new Entry.SyncSet(n.members()));
      case Note.Attached n -> Optional.of(new Entry.Attached(n.server()));
      case Note.Verified n -> Optional.of(new Entry.Verified(n.server()));
      case Note.Isolated n -> {
        Quarantine q = n.quarantine();
        yield Optional.of(
            new Entry.Isolated(
                n.server(), new Quarantine(q.reason(), q.errant(), q.file(), now.millis())));
      }
      case Note.Released n -> Optional.of(new Entry.Released(n.server()));
      case Note.WritesHeld n -> Optional.empty();
      case Note.WritesReleased n -> Optional.empty();
      case Note.LeftClosed n -> Optional.empty();
      case Note.Chosen n -> Optional.empty();
      case Note.Candidate n -> Optional.empty();
      case Note.ReignSent n -> Optional.empty();
      case Note.Opened n -> Optional.empty();
      case Note.LossStated n -> Optional.empty();
      case Note.Tested n -> Optional.empty();
      case Note.Remark n -> Optional.empty();
    };
  }

  static String words(Note note) {
    return switch (note) {
      case Note.WritesHeld n -> "writes are held";
      case Note.WritesReleased n -> "writes go on where they were";
      case Note.LeftClosed n -> n.server() + " stays closed: nobody takes writes";
      case Note.Chosen n -> n.server() + " is chosen: " + n.reasons();
      case Note.Candidate n -> "clients may log in to " + n.server() + " ahead";
      case Note.ReignSent n ->
          "point of no return: the reign row goes to " + n.server() + ", only it may finish now";
      case Note.ReignBegan n ->
          "epoch "
              + n.reign().epoch()
              + " begins with "
              + n.reign().primary()
              + " at "
              + n.reign().before();
      case Note.Opened n -> n.primary() + " is open for writes, epoch " + n.epoch();
      case Note.SyncSetChanged n -> "the sync set is now " + Words.join(List.copyOf(n.members()));
      case Note.LossStated n -> n.loss().sentence();
      case Note.Attached n -> n.server() + " is attached again, to be compared after catch-up";
      case Note.Verified n -> n.server() + " is whole: its binlog state equals the primary's";
      case Note.Isolated n -> n.server() + " is held out: " + n.quarantine().reason();
      case Note.Released n -> n.server() + " is no longer held out";
      case Note.Tested n ->
          n.witness()
              + (n.reached() ? " reached the primary: it lives" : " could not reach it either");
      case Note.Remark n -> n.sentence();
    };
  }
}
