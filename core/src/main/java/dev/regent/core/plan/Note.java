package dev.regent.core.plan;

import dev.regent.core.analyze.Loss;
import dev.regent.core.model.ClusterRecord.Quarantine;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.ServerId;
import java.util.SortedSet;
import java.util.TreeSet;

/** A fact that a run establishes on its way and that outlives it. */
public sealed interface Note {

  /** Writes through us must stop now; a role change began. */
  record WritesHeld() implements Note {}

  /** The role change ended without a new reign: writes go on where they were. */
  record WritesReleased() implements Note {}

  /** An undo could not open the old primary again: nobody takes writes now. */
  record LeftClosed(ServerId server) implements Note {}

  /** This server was chosen, for these reasons. */
  record Chosen(ServerId server, String reasons) implements Note {}

  /** The role is to go to this server: who is going to use it may log in there ahead. */
  record Candidate(ServerId server) implements Note {}

  /** The reign row may leave for this server from now on: the point of no return. */
  record ReignSent(ServerId server) implements Note {}

  record ReignBegan(Reign reign) implements Note {}

  /** The new primary is open: publish the epoch. */
  record Opened(long epoch, ServerId primary) implements Note {}

  record SyncSetChanged(SortedSet<ServerId> members) implements Note {
    public SyncSetChanged {
      members = new TreeSet<>(members);
    }
  }

  /** What this failover lost, as far as it is known now. */
  record LossStated(Loss loss) implements Note {}

  /** The server replicates again; its state is to be compared after catch-up. */
  record Attached(ServerId server) implements Note {}

  /** Caught up again, and nothing was skipped. */
  record Verified(ServerId server) implements Note {}

  record Isolated(ServerId server, Quarantine quarantine) implements Note {}

  record Released(ServerId server) implements Note {}

  /** A witness was asked to test the primary. */
  record Tested(ServerId witness, boolean reached) implements Note {}

  /** Something worth an event, in one sentence. */
  record Remark(String sentence) implements Note {}
}
