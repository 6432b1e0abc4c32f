package dev.regent.core.control;

import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Note;
import java.util.List;
import java.util.Optional;

/** Where clients are sent, as plans and observations change it. */
final class Routing {
  private RoutingTable told = RoutingTable.closed();
  private boolean held;
  private boolean open;
  private Optional<ServerId> candidate = Optional.empty();

  /** A new reign's number is not told before it is stored: a successor might not know it. */
  private long epoch;

  Routing(long epoch) {
    this.epoch = epoch;
  }

  void noted(Note note) {
    switch (note) {
      case Note.Candidate n -> candidate = Optional.of(n.server());
      case Note.WritesHeld n -> held = true;
      case Note.WritesReleased n -> held = false;
      case Note.LeftClosed n -> {
        held = false;
        open = false;
      }
      case Note.ReignBegan n -> {
        held = true;
        open = false;
      }
      case Note.Opened n -> {
        planEnded();
        open = true;
      }
      default -> {}
    }
  }

  /** Nothing is held for its sake any more. */
  void planEnded() {
    held = false;
    candidate = Optional.empty();
  }

  /** The plan is taken up again later, whoever it is for then; clients wait as long. */
  void suspended() {
    candidate = Optional.empty();
  }

  /** What was seen of the primary. */
  void seen(boolean takesWrites) {
    open = takesWrites;
  }

  /**
   * @param record as it is stored
   * @return the table, if it is another one than was told before
   */
  Optional<RoutingTable> tell(ClusterRecord record, List<ServerId> replicas) {
    Optional<ServerId> primary = Optional.empty();
    if (open) {
      epoch = record.epoch();
      primary = record.reign().map(ClusterRecord.Reign::primary);
    }
    RoutingTable table = new RoutingTable(epoch, primary, held, replicas, candidate);
    if (table.equals(told)) {
      return Optional.empty();
    }
    told = table;
    return Optional.of(table);
  }

  RoutingTable told() {
    return told;
  }
}
