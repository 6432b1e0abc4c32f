package dev.regent.sim.replication;

import dev.regent.core.model.Channel.Problem;
import dev.regent.core.model.Gtid;
import dev.regent.sim.kernel.Alarm;
import dev.regent.sim.storage.RelayLog;
import dev.regent.sim.storage.Transaction;
import java.util.ArrayList;
import java.util.List;

/** The applying (SQL) thread of a replica, with its workers. */
public final class Applier {
  private static final int OUT_OF_ORDER = 1950;
  private static final int DUPLICATE = 1062;
  private static final int TORN = 1594;
  private static final String ALL_READ = "Slave has read all relay log; waiting for more updates";

  private final ReplicaChannel channel;
  private final Home home;
  private final List<Runnable> stopped = new ArrayList<>();
  private boolean running;
  private boolean stopping;
  private Problem problem = Problem.NONE;

  /** Until a delayed transaction is due. */
  private Alarm rest = Alarm.past();

  /** Transactions that are executed or being committed. */
  private int busy;

  private int lives;
  private long working;

  Applier(ReplicaChannel channel, Home home) {
    this.channel = channel;
    this.home = home;
  }

  public boolean running() {
    return running;
  }

  public Problem problem() {
    return problem;
  }

  String words() {
    if (!running) {
      return "";
    }
    return busy == 0 && channel.relay().backlog() == 0
        ? ALL_READ
        : "Reading event from the relay log";
  }

  long lagNanos() {
    RelayLog.Event next = channel.relay().peek();
    long since = busy > 0 ? working : next == null ? home.now() : next.transaction().atNanos();
    return Math.max(0, home.now() - since);
  }

  void start() {
    if (!running) {
      running = true;
      stopping = false;
      problem = Problem.NONE;
      channel.relay().note();
      kick();
    }
  }

  /** Tells when it has stopped; what it has begun it ends. */
  public void stop(Runnable then) {
    if (!running) {
      then.run();
      return;
    }
    stopping = true;
    rest.cancel();
    if (busy == 0) {
      halt();
      then.run();
    } else {
      stopped.add(then);
    }
  }

  private void halt() {
    running = false;
    stopping = false;
    rest.cancel();
    channel.relay().note();
    List<Runnable> waiting = List.copyOf(stopped);
    stopped.clear();
    waiting.forEach(Runnable::run);
  }

  /** It stops with an error, whatever it was doing. */
  public void breakDown(int number, String text) {
    if (running) {
      fail(new Problem(number, text));
    }
  }

  void died() {
    lives++;
    stopped.clear();
    running = false;
    stopping = false;
    problem = Problem.NONE;
    busy = 0;
    rest.cancel();
  }

  /** There may be something to do. */
  public void kick() {
    if (!running || stopping || busy > 0 || rest.isPending()) {
      return;
    }
    RelayLog.Event next = channel.relay().peek();
    if (next == null) {
      if (channel.relay().torn()) {
        fail(new Problem(TORN, "Relay log read failure: Could not parse relay log event entry."));
      }
      return;
    }
    long due = next.transaction().atNanos() + channel.delay();
    if (due > home.now()) {
      rest = home.process().after(due - home.now(), this::kick);
    } else {
      begin();
    }
  }

  /** Takes as many as it has workers, executes them side by side, commits them in order. */
  private void begin() {
    List<Transaction> batch = new ArrayList<>();
    RelayLog.Event next = channel.relay().peek();
    while (next != null && batch.size() < home.appliers()) {
      if (next.own()) {
        if (!batch.isEmpty()) {
          break;
        }
        home.engine().skip(next.transaction(), home.now());
        channel.relay().take();
        channel.relay().executed();
      } else if (next.transaction().atNanos() + channel.delay() > home.now()) {
        break;
      } else {
        batch.add(next.transaction());
        channel.relay().take();
      }
      next = channel.relay().peek();
    }
    if (!batch.isEmpty()) {
      busy = batch.size();
      working = batch.getFirst().atNanos();
      int life = lives;
      home.process().after(home.applyNanos(), () -> commit(batch, life));
    }
  }

  private void commit(List<Transaction> batch, int life) {
    for (int i = 0; i < batch.size(); i++) {
      Transaction transaction = batch.get(i);
      Problem wrong = wrong(transaction, batch.subList(0, i));
      if (wrong.present()) {
        // The ones before are on their way; this one and those behind it are not.
        int left = batch.size() - i;
        busy -= left;
        for (int j = 0; j < left; j++) {
          channel.relay().back();
        }
        fail(wrong);
        return;
      }
      home.commitReplicated(transaction, () -> done(life));
    }
  }

  /** In strict mode numbers only grow; a row that is there already is an error in any mode. */
  private Problem wrong(Transaction transaction, List<Transaction> before) {
    Gtid gtid = transaction.gtid();
    long last = home.lastSequence(gtid.domain());
    for (Transaction earlier : before) {
      if (earlier.gtid().domain() == gtid.domain()) {
        last = Math.max(last, earlier.gtid().sequence());
      }
    }
    if (home.strict() && home.logsUpdates() && gtid.sequence() <= last) {
      return new Problem(
          OUT_OF_ORDER,
          "An attempt was made to binlog GTID "
              + gtid
              + " which would create an out-of-order sequence number with existing GTID, and gtid"
              + " strict mode is enabled");
    }
    boolean there =
        transaction.kind() == Transaction.Kind.WRITE && home.engine().hasRow(transaction.row());
    return there
        ? new Problem(DUPLICATE, "Duplicate entry '" + transaction.row() + "' for key 'PRIMARY'")
        : Problem.NONE;
  }

  private void done(int life) {
    if (life != lives) {
      return;
    }
    channel.relay().executed();
    if (!channel.usesGtid()) {
      channel.relay().note();
    }
    busy--;
    if (busy == 0 && (stopping || !running)) {
      halt();
    } else {
      kick();
    }
  }

  private void fail(Problem why) {
    problem = why;
    running = false;
    home.tell("SQL thread stopped: " + why.number() + " " + why.text());
    if (busy == 0) {
      halt();
    }
  }
}
