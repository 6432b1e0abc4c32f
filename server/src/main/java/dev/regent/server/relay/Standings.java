package dev.regent.server.relay;

import dev.regent.core.model.Channel;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Evidence.Standing;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.LinkException;
import dev.regent.server.steps.Work;
import java.util.List;

/** Reads where a server stands. */
final class Standings {
  private static final String SQL =
      "SELECT @@global.gtid_binlog_pos, @@global.gtid_slave_pos, @@global.gtid_binlog_state";

  private Standings() {}

  /** What a server has executed, in its own log or through replication, and its log's state. */
  record Applied(GtidPosition position, GtidState state) {}

  static Applied applied(Work work) throws LinkException {
    return work.read(
        SQL,
        r -> {
          r.next();
          GtidPosition own = GtidPosition.parse(r.getString(1));
          GtidPosition replicated = GtidPosition.parse(r.getString(2));
          return new Applied(own.merge(replicated), GtidState.parse(r.getString(3)));
        });
  }

  /**
   * The standing after all channels; a server without any has received what it has applied.
   *
   * <p>Positions are read after the channels, so that nothing applied in between looks missing.
   */
  static Standing read(ServerId server, Work work) throws LinkException {
    return read(server, work, Standings::known);
  }

  /** The same, of one that has nothing unapplied, which was just seen to. */
  static Standing allApplied(ServerId server, Work work) throws LinkException {
    Standing now = read(server, work, (channel, w) -> true);
    return new Standing(
        server,
        now.applied(),
        now.applied(),
        now.binlogState(),
        true,
        now.applying(),
        now.receiving());
  }

  private interface Known {
    boolean known(Channel channel, Work work) throws LinkException;
  }

  private static Standing read(ServerId server, Work work, Known judge) throws LinkException {
    List<Channel> channels = work.channels();
    Applied applied = applied(work);
    GtidPosition received = applied.position();
    boolean known = true;
    for (Channel channel : channels) {
      received = received.merge(channel.received());
      known &= judge.known(channel, work);
    }
    return new Standing(
        server,
        received,
        applied.position(),
        applied.state(),
        known,
        channels.stream().allMatch(Channel::sqlRunning),
        channels.stream().anyMatch(c -> c.io() != Channel.ThreadState.NO));
  }

  /**
   * An empty position says nothing, unless the relay log has nothing to add (DESIGN 7.3). What
   * takes too long to read is left to a rescue, which has more time.
   */
  private static boolean known(Channel channel, Work work) throws LinkException {
    if (!channel.received().isEmpty()) {
      return true;
    }
    try {
      Deadline half = Deadline.after(work.deadline().left().dividedBy(2));
      return RelayLog.firstUnapplied(channel, work, half).isEmpty();
    } catch (RelayLog.UnreadException e) {
      return false;
    }
  }
}
