package dev.regent.sim.commit;

import dev.regent.core.model.Gtid;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.storage.BinaryLog;
import dev.regent.sim.storage.Engine;
import dev.regent.sim.storage.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Group commit. One group is written to the binary log and synced at a time; with {@code
 * AFTER_SYNC} one group at a time waits for its acknowledgement before it is committed in the
 * engine, and one more stands behind it, already in the log; all others are not in the log yet
 * (physics 5.3: of four hanging commits two are in the log).
 *
 * <p>One waiter waits for its whole group: killed, it lets the others go, and they are told OK.
 */
public final class Commits {
  private static final long FLUSH_INTERVAL = Kernel.SECOND;

  /** What the pipeline asks of its server. */
  public interface Host {
    long now();

    long serverId();

    boolean logging(boolean replicated);

    /** A group is synced: replicas may have it. */
    void synced();

    /** Somebody who waits for silence may have it now. */
    void drained();

    /** Nothing can be written now: the disk is full, or stuck. */
    boolean stuck();
  }

  /** A commit under way. */
  private static final class Commit {
    private final @Nullable Waiter waiter;
    private final boolean replicated;
    private final Consumer<Gtid> done;
    private Transaction transaction;

    Commit(
        @Nullable Waiter waiter, Transaction transaction, boolean replicated, Consumer<Gtid> done) {
      this.waiter = waiter;
      this.transaction = transaction;
      this.replicated = replicated;
      this.done = done;
    }

    private void end() {
      done.accept(transaction.gtid());
    }
  }

  /** Commits that go together. */
  private static final class Group {
    private final List<Commit> commits;
    private final int last;

    Group(List<Commit> commits, int last) {
      this.commits = commits;
      this.last = last;
    }
  }

  private final Host host;
  private final Settings settings;
  private final SimProcess process;
  private final Dice dice;
  private final BinaryLog log;
  private final Engine engine;
  private final AckWatch acks;
  private final Deque<Commit> queue = new ArrayDeque<>();
  private @Nullable Group writing;
  private @Nullable Group waiting;
  private @Nullable Group behind;
  private int late;

  public Commits(
      Host host,
      Settings settings,
      SimProcess process,
      Dice dice,
      BinaryLog log,
      Engine engine,
      AckWatch acks) {
    this.host = host;
    this.settings = settings;
    this.process = process;
    this.dice = dice;
    this.log = log;
    this.engine = engine;
    this.acks = acks;
  }

  /** Nothing is being committed. */
  public boolean idle() {
    return queue.isEmpty() && writing == null && waiting == null && behind == null && late == 0;
  }

  /** What waits for an acknowledgement before it is committed. */
  public List<Transaction> waiting() {
    Group group = waiting;
    return group == null ? List.of() : group.commits.stream().map(c -> c.transaction).toList();
  }

  /** A waiter's own transaction; its number is dealt when it is written. */
  public void local(Waiter waiter, Transaction transaction, Consumer<Gtid> done) {
    add(new Commit(waiter, transaction, false, done));
  }

  public void replicated(Transaction transaction, Runnable done) {
    add(new Commit(null, transaction, true, gtid -> done.run()));
  }

  private void add(Commit commit) {
    queue.add(commit);
    write();
  }

  /** The last number of a domain, on its way to the log or there. */
  public long lastSequence(long domain) {
    long last = Math.max(log.sequence(domain), engine.replicated(domain));
    for (Commit commit : queue) {
      if (commit.replicated && commit.transaction.gtid().domain() == domain) {
        last = Math.max(last, commit.transaction.gtid().sequence());
      }
    }
    return last;
  }

  /** Goes on if something was in the way. */
  public void write() {
    if (writing != null || behind != null || queue.isEmpty() || host.stuck()) {
      return;
    }
    List<Commit> commits = new ArrayList<>(queue);
    queue.clear();
    if (settings.flushLog == 1) {
      engine.flush();
    }
    for (Commit commit : commits) {
      number(commit);
      if (host.logging(commit.replicated)) {
        log.append(commit.transaction);
      }
    }
    Group group = new Group(commits, log.size() - 1);
    writing = group;
    process.after(syncNanos(), () -> synced(group));
  }

  private void number(Commit commit) {
    if (!commit.replicated) {
      long domain = commit.transaction.gtid().domain();
      long asked = commit.transaction.gtid().sequence();
      long next = asked > 0 ? asked : Math.max(log.sequence(domain), engine.replicated(domain)) + 1;
      commit.transaction = commit.transaction.with(new Gtid(domain, host.serverId(), next));
    }
  }

  private long syncNanos() {
    return settings.syncBinlog == 1
        ? dice.tailed(150 * Kernel.MICROSECOND, 250 * Kernel.MICROSECOND)
        : 10 * Kernel.MICROSECOND;
  }

  private void synced(Group group) {
    writing = null;
    if (settings.syncBinlog == 1) {
      log.sync();
    } else {
      log.show();
    }
    host.synced();
    if (waiting == null) {
      await(group);
    } else {
      behind = group;
    }
    write();
  }

  private void await(Group group) {
    waiting = group;
    if (!settings.afterSync()) {
      commit(group);
      return;
    }
    Waiter leader = group.commits.getFirst().waiter;
    Object wait = acks.await(group.last, () -> commit(group));
    if (waiting == group && leader != null) {
      // Killed, by whatever kind of KILL, it goes on and takes its group along.
      leader.waits(AckWatch.STATE, connection -> acks.abandon(wait));
    }
  }

  private void commit(Group group) {
    for (Commit commit : group.commits) {
      engineCommit(commit);
    }
    waiting = null;
    Group next = behind;
    behind = null;
    for (Commit commit : group.commits) {
      if (settings.afterSync()) {
        commit.end();
      } else {
        late++;
        awaitLate(commit, group.last);
      }
    }
    if (next != null) {
      await(next);
    }
    write();
    if (idle()) {
      host.drained();
    }
  }

  /** {@code AFTER_COMMIT}: everybody sees it already, only its client is not told yet. */
  private void awaitLate(Commit commit, int index) {
    boolean[] over = {false};
    Object wait =
        acks.await(
            index,
            () -> {
              over[0] = true;
              late--;
              commit.end();
              if (idle()) {
                host.drained();
              }
            });
    if (!over[0] && commit.waiter != null) {
      commit.waiter.waits(AckWatch.STATE, connection -> acks.abandon(wait));
    }
  }

  private void engineCommit(Commit commit) {
    engine.commit(commit.transaction, commit.replicated, host.now());
  }

  /** The process died: whoever was not in the log never was. */
  public void died() {
    // A background thread does it every second.
    engine.flushUntil(host.now() - host.now() % FLUSH_INTERVAL);
    queue.clear();
    writing = null;
    waiting = null;
    behind = null;
    late = 0;
  }
}
