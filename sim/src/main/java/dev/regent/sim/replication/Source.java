package dev.regent.sim.replication;

import dev.regent.core.model.GtidPosition;
import dev.regent.sim.kernel.Connection;
import dev.regent.sim.kernel.Network;
import dev.regent.sim.storage.Transaction;

/** A server as those see it who follow it. All of it is called inside the server's process. */
public interface Source extends Network.Listener {
  long serverId();

  /**
   * Lets a replica in, or not; then serves it.
   *
   * @param request what it asks for; its methods are called inside the replica's process
   */
  void serve(Connection connection, Request request);

  /** A replica that acknowledged goes: it ends its thread here by a connection of its own. */
  void endDump(long replicaServerId);

  /** What a replica sends with its request, and how it is answered. */
  interface Request {
    long replicaServerId();

    /** Whom the source shall let in. */
    String user();

    GtidPosition from();

    boolean acknowledges();

    /** Nanoseconds; 0 if it wants none. */
    long heartbeat();

    /** It is let in; everything before this place in the source's log it has. */
    void welcomed(long place);

    /** It is not, or its position is no good; {@code fatal}: trying again does not help. */
    void refused(int code, String text, boolean fatal);

    void event(DumpThread from, int index, Transaction transaction);

    void heard();
  }
}
