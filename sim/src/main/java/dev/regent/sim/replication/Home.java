package dev.regent.sim.replication;

import dev.regent.core.model.Endpoint;
import dev.regent.sim.commit.Release;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Network;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.storage.BinaryLog;
import dev.regent.sim.storage.Engine;
import dev.regent.sim.storage.Transaction;
import java.util.Optional;

/** The server that a replication thread belongs to, as the thread sees it. */
public interface Home {
  String name();

  long serverId();

  SimProcess process();

  Network network();

  Dice dice();

  long now();

  BinaryLog log();

  Engine engine();

  /** {@code slave_net_timeout}, in nanoseconds. */
  long netTimeout();

  /** {@code rpl_semi_sync_slave_kill_conn_timeout}, in nanoseconds. */
  long killTimeout();

  /** The last sequence number of a domain in its log, or on its way there. */
  long lastSequence(long domain);

  /** {@code gtid_strict_mode}. */
  boolean strict();

  /** {@code log_slave_updates}, with a log. */
  boolean logsUpdates();

  /** {@code rpl_semi_sync_slave_enabled}: it asks to acknowledge when it connects. */
  boolean acknowledges();

  /** What it does differently from other versions. */
  Release release();

  /** How long the applier needs for one transaction. */
  long applyNanos();

  /** How many transactions the applier has under way at once. */
  int appliers();

  /** The server behind an address, if there is one in this world. */
  Optional<Source> find(Endpoint address);

  /** Commits a replicated transaction, and then tells; not at all if the server dies. */
  void commitReplicated(Transaction transaction, Runnable done);

  void tell(String words);
}
