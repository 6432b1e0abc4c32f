package dev.regent.sim.replication;

import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidPosition;
import dev.regent.sim.kernel.Alarm;
import dev.regent.sim.kernel.Connection;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.storage.BinaryLog;
import dev.regent.sim.storage.Transaction;

/**
 * The thread of a source that feeds one replica.
 *
 * <p>It does not notice that its replica is gone before it sends something (physics 1), and while
 * the way is cut not even then. A replica that connects anew ends its own old thread.
 */
public final class DumpThread {
  private final long session;
  private final SimProcess process;
  private final BinaryLog log;
  private final GtidPosition executed;
  private final Connection connection;
  private final Source.Request request;
  private final Acknowledged acknowledged;
  private Alarm heartbeat = Alarm.past();
  private int cursor;
  private boolean peerGone;
  private boolean over;

  /** What the source does with an acknowledgement, and with the end of this thread. */
  public interface Acknowledged {
    void upTo(int index);

    void ended(DumpThread thread);
  }

  /** {@code executed}: what the source itself replicated; a copy's log begins after it. */
  public DumpThread(
      long session,
      SimProcess process,
      BinaryLog log,
      GtidPosition executed,
      Connection connection,
      Source.Request request,
      Acknowledged acknowledged) {
    this.session = session;
    this.process = process;
    this.log = log;
    this.executed = executed;
    this.connection = connection;
    this.request = request;
    this.acknowledged = acknowledged;
    connection.server().onLost(() -> peerGone = true);
  }

  public long session() {
    return session;
  }

  public long replicaServerId() {
    return request.replicaServerId();
  }

  /** Whether its replica said that it acknowledges; it is counted as a client then. */
  public boolean semiSync() {
    return request.acknowledges();
  }

  /** Looks for the replica's position, and begins to send. */
  public void begin() {
    for (Gtid gtid : request.from().gtids()) {
      if (!known(gtid)) {
        String diverged =
            log.sequence(gtid.domain()) > gtid.sequence()
                ? ". Since the master's binlog contains GTIDs with higher sequence numbers, it"
                    + " probably means that the slave has diverged due to executing extra erroneous"
                    + " transactions"
                : "";
        String text =
            "Got fatal error 1236 from master when reading data from binary log: 'Error: connecting"
                + " slave requested to start from GTID "
                + gtid
                + ", which is not in the master's binlog"
                + diverged
                + "'";
        connection.server().send(() -> request.refused(1236, text, true));
        end();
        return;
      }
    }
    cursor = log.firstBeyond(request.from());
    pump();
    beat();
  }

  /** A domain that the source never heard of is another source's business. */
  private boolean known(Gtid gtid) {
    long replicated = executed.sequence(gtid.domain());
    boolean strange = log.sequence(gtid.domain()) == 0 && replicated == 0;
    return strange || log.contains(gtid) || (log.size() == 0 && replicated == gtid.sequence());
  }

  /** Sends what is synced and was not sent. */
  public void pump() {
    if (over || cursor >= log.visible()) {
      return;
    }
    if (peerGone) {
      end();
      return;
    }
    GtidPosition had = request.from();
    while (cursor < log.visible()) {
      Transaction transaction = log.get(cursor);
      int index = cursor;
      cursor++;
      if (had.sequence(transaction.gtid().domain()) < transaction.gtid().sequence()) {
        connection.server().send(() -> request.event(this, index, transaction));
      }
    }
    beat();
  }

  private void beat() {
    heartbeat.cancel();
    if (request.heartbeat() > 0 && !over) {
      heartbeat = process.after(request.heartbeat(), this::silent);
    }
  }

  private void silent() {
    if (over) {
      return;
    }
    if (peerGone) {
      end();
    } else {
      connection.server().send(request::heard);
      beat();
    }
  }

  /** The replica has written this event to its relay log; called in the replica's process. */
  public void acknowledge(int index) {
    connection
        .client()
        .send(() -> {
          if (!over) {
            acknowledged.upTo(index);
          }
        });
  }

  /** Ends it: killed, or of no use any more. */
  public void end() {
    if (!over) {
      over = true;
      heartbeat.cancel();
      connection.server().close();
      acknowledged.ended(this);
    }
  }

  public boolean over() {
    return over;
  }
}
