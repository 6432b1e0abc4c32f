package dev.regent.sim.mariadb;

import dev.regent.core.model.Gtid;
import dev.regent.sim.commit.Settings;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.replication.ReplicaChannel;
import dev.regent.sim.storage.BinaryLog;
import dev.regent.sim.storage.Engine;
import dev.regent.sim.storage.Transaction;

/**
 * Starts, stops and crashes of a server, and what each leaves on the disk.
 *
 * <p>A killed process leaves what it had written; a power cut only what was synced. At the next
 * start the binary log decides: what is in it is committed. With {@code init-rpl-role=SLAVE} it is
 * cut off behind what the engine had flushed instead, acknowledged or not (physics 5.3).
 */
public final class Fate {
  private final SimServer server;
  private final Kernel kernel;
  private final Dice dice;
  private boolean powerCut;
  private boolean crashed;
  private long receivedLost;

  public Fate(SimServer server, Kernel kernel, Dice dice) {
    this.server = server;
    this.kernel = kernel;
    this.dice = dice;
  }

  /** Transactions that power cuts took out of its relay logs, acknowledged or not. */
  public long receivedLost() {
    return receivedLost;
  }

  // --- ends

  /** {@code kill -9}; a big process looks frozen while it is torn down (physics 1). */
  public void kill(long teardown) {
    server.tell("is killed");
    if (teardown == 0) {
      crash(false);
    } else {
      process().freeze();
      kernel.after(teardown, () -> crash(false));
    }
  }

  /** The machine loses its power: nobody is told anything. */
  public void cutPower() {
    server.tell("loses its power");
    process().host().power(false);
    crash(true);
  }

  /** SIGTERM: whatever waits for an acknowledgement is committed for good (physics 4.3). */
  public void shutDown() {
    server.tell("shuts down");
    if (server.release().endsInOk()) {
      server.commits().waiting().forEach(t -> server.confirmedInVain().set((int) t.row()));
      server.acks().confirmAll();
    }
    process().kill();
    server.down();
    recommit(server.log().size());
    server.log().sync();
    server.engine().flush();
    for (ReplicaChannel channel : server.channels()) {
      channel.crash(0, false);
    }
  }

  private void crash(boolean power) {
    if (process().life() == SimProcess.Life.GONE) {
      return;
    }
    if (power) {
      process().vanish();
    } else {
      process().kill();
    }
    server.down();
    crashed = true;
    powerCut |= power;
    server.tell("is gone");
  }

  private SimProcess process() {
    return server.process();
  }

  // --- starts

  /** Starts it; it answers after its recovery. */
  public void start() {
    if (process().life() != SimProcess.Life.GONE) {
      return;
    }
    if (!process().host().up()) {
      server.network().power(process().host());
    }
    process().start();
    if (crashed) {
      recover();
    }
    crashed = false;
    powerCut = false;
    long recovery = dice.between(150 * Kernel.MILLISECOND, 900 * Kernel.MILLISECOND);
    process().after(recovery, () -> server.up(new Settings(server.file())));
  }

  private void recover() {
    BinaryLog log = server.log();
    Engine engine = server.engine();
    // What InnoDB only wrote outlives its process, not the machine's power.
    boolean durable =
        server.settings().flushLog == 1 || (server.settings().flushLog == 2 && !powerCut);
    if (!durable || powerCut) {
      // What it had not flushed is gone, and with it the knowledge that it was prepared.
      engine.cut(engine.flushed());
    }
    if (powerCut && log.synced() < log.size()) {
      cut(log, log.synced());
    }
    if (truncates()) {
      engine.cut(Math.min(engine.size(), engine.flushed()));
      truncate(log);
    } else if (durable) {
      recommit(log.size());
    }
    server.acks().logEnds(log.size());
    for (ReplicaChannel channel : server.channels()) {
      int lost = powerCut ? (int) dice.below(channel.relay().backlog() + 1) : 0;
      receivedLost += lost;
      boolean torn = channel.relay().backlog() > 0 && dice.chance(0.3);
      channel.crash(lost, torn);
    }
  }

  private boolean truncates() {
    return switch (server.release().truncation()) {
      case NEVER -> false;
      case SEMI_SYNC_REPLICA -> server.file().semiSyncReplica();
      case ROLE_REPLICA -> server.file().roleReplica();
    };
  }

  /** Transactions in the log that the engine had not committed. */
  private void recommit(int size) {
    for (int i = 0; i < size; i++) {
      Transaction transaction = server.log().get(i);
      if (!committed(transaction)) {
        boolean replicated = transaction.gtid().server() != server.serverId();
        server.engine().commit(transaction, replicated, kernel.now());
      }
    }
    server.engine().flush();
  }

  private void truncate(BinaryLog log) {
    for (int i = 0; i < log.size(); i++) {
      if (!committed(log.get(i))) {
        Gtid from = log.get(i).gtid();
        cut(log, i);
        server.tell("truncated its log, to remove transactions starting from " + from);
        return;
      }
    }
  }

  private void cut(BinaryLog log, int size) {
    for (int i = size; i < log.size(); i++) {
      server.cutOff().add(log.get(i));
    }
    log.cut(size);
  }

  private boolean committed(Transaction transaction) {
    return server.engine().has(transaction.gtid());
  }
}
