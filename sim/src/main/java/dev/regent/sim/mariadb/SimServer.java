package dev.regent.sim.mariadb;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.ServerId;
import dev.regent.sim.commit.AckWatch;
import dev.regent.sim.commit.Commits;
import dev.regent.sim.commit.Locks;
import dev.regent.sim.commit.Release;
import dev.regent.sim.commit.Settings;
import dev.regent.sim.commit.StartFile;
import dev.regent.sim.kernel.Connection;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.Network;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.replication.DumpThread;
import dev.regent.sim.replication.Home;
import dev.regent.sim.replication.ReplicaChannel;
import dev.regent.sim.replication.Source;
import dev.regent.sim.storage.BinaryLog;
import dev.regent.sim.storage.Engine;
import dev.regent.sim.storage.Transaction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One MariaDB server: what it keeps, who is connected, what it is doing. Its habits are those that
 * were measured (physics 1-5, ha.md 5, orchestrator.md 1.9), the harmful ones above all.
 */
public final class SimServer implements Source, Home {
  private final ClusterSpec.Server spec;
  private final long serverId;
  private final Release release;
  private final Kernel kernel;
  private final Network network;
  private final SimProcess process;
  private final Dice dice;
  private final Function<Endpoint, Optional<Source>> neighbours;
  private final Settings settings;
  private final BinaryLog log = new BinaryLog();
  private final Engine engine = new Engine();
  private final List<DumpThread> dumps = new ArrayList<>();
  private final List<ReplicaChannel> channels = new ArrayList<>();
  private final AckWatch acks;
  private final Locks locks;
  private final Commits commits;
  private final Execution execution;
  private final Sessions desk;
  private final List<Transaction> cutOff = new ArrayList<>();
  private final BitSet confirmedInVain = new BitSet();
  private final Troubles troubles = new Troubles();
  private final SortedMap<String, FenceRow> fence = new TreeMap<>();
  private final SortedMap<String, SavedMode> savedModes = new TreeMap<>();
  private StartFile file;
  private boolean readOnly;
  private boolean listening;
  private long startedAt;
  private long applyNanos = 300 * Kernel.MICROSECOND;

  /** The row of {@code regent_local.fence}. */
  public record FenceRow(long epoch, long incarnation, String manager, long connection) {}

  /** The row of {@code regent_local.applier}: what a rescue changed. */
  public record SavedMode(String mode, long delayNanos) {}

  public SimServer(
      ClusterSpec.Server spec,
      long serverId,
      Release release,
      StartFile file,
      Network network,
      SimProcess process,
      Kernel kernel,
      Dice dice,
      Function<Endpoint, Optional<Source>> neighbours) {
    this.spec = spec;
    this.serverId = serverId;
    this.release = release;
    this.file = file;
    this.kernel = kernel;
    this.network = network;
    this.process = process;
    this.dice = dice;
    this.neighbours = neighbours;
    this.settings = new Settings(file);
    this.acks = new AckWatch(settings, release, process);
    this.locks = new Locks(process, this::quiet);
    this.commits =
        new Commits(new Pipeline(), settings, process, dice.of("commits"), log, engine, acks);
    this.execution = new Execution(this, settings, locks, commits, dice.of("statements"));
    this.desk = new Sessions(this, settings, locks, dice.of("sessions"));
  }

  private boolean quiet() {
    return commits.idle();
  }

  // --- what it is

  public ServerId id() {
    return spec.id();
  }

  @Override
  public String name() {
    return spec.id().name();
  }

  public ClusterSpec.Server spec() {
    return spec;
  }

  @Override
  public long serverId() {
    return serverId;
  }

  @Override
  public Release release() {
    return release;
  }

  @Override
  public SimProcess process() {
    return process;
  }

  @Override
  public Network network() {
    return network;
  }

  @Override
  public Dice dice() {
    return dice;
  }

  @Override
  public long now() {
    return kernel.now();
  }

  @Override
  public BinaryLog log() {
    return log;
  }

  @Override
  public Engine engine() {
    return engine;
  }

  Settings settings() {
    return settings;
  }

  AckWatch acks() {
    return acks;
  }

  Commits commits() {
    return commits;
  }

  /** Transactions that a recovery cut off from its log. */
  public List<Transaction> cutOff() {
    return cutOff;
  }

  /** Rows that an orderly shutdown told OK although no replica had acknowledged them. */
  public BitSet confirmedInVain() {
    return confirmedInVain;
  }

  public StartFile file() {
    return file;
  }

  /** From the next start on. */
  public void file(StartFile other) {
    file = other;
  }

  public Troubles troubles() {
    return troubles;
  }

  public boolean readOnly() {
    return readOnly;
  }

  /** Takes writes from everybody, as soon as it runs. */
  public boolean writable() {
    return listening && !readOnly;
  }

  void closed(boolean closed) {
    if (readOnly != closed) {
      tell(closed ? "is closed for writes" : "is open for writes");
    }
    readOnly = closed;
  }

  public long startedAt() {
    return startedAt;
  }

  /** Everything it executed. */
  public GtidPosition applied() {
    return log.position().merge(engine.replicated());
  }

  public SortedMap<String, FenceRow> fence() {
    return fence;
  }

  public SortedMap<String, SavedMode> savedModes() {
    return savedModes;
  }

  @Override
  public void tell(String words) {
    kernel.trace().tell(name(), words.length(), () -> words);
  }

  // --- sessions

  Sessions desk() {
    return desk;
  }

  public List<Session> sessions() {
    return desk.all();
  }

  public Optional<Session> session(long id) {
    return desk.all().stream().filter(s -> s.id() == id).findFirst();
  }

  /** {@code IS_USED_LOCK}: the session's number, 0 if it is free. */
  public long lockHolder(String name) {
    return locks.holder(name) instanceof Session holder ? holder.id() : 0;
  }

  @Override
  public boolean listening() {
    return listening;
  }

  /** Nothing to do before the client says who it is. */
  @Override
  public void accept(Connection connection) {}

  void run(Session session, Statement statement, Consumer<Reply<Boolean>> reply) {
    execution.run(session, statement, reply);
  }

  // --- replication

  public List<ReplicaChannel> channels() {
    return channels;
  }

  public Optional<ReplicaChannel> channel(String name) {
    return channels.stream().filter(c -> c.name().equalsIgnoreCase(name)).findFirst();
  }

  ReplicaChannel open(String name, Endpoint source) {
    ReplicaChannel channel = new ReplicaChannel(name, source, this);
    channels.add(channel);
    return channel;
  }

  void forget(ReplicaChannel channel) {
    channels.remove(channel);
  }

  void resetLog() {
    List.copyOf(dumps).forEach(DumpThread::end);
    log.clear();
    acks.logEnds(0);
  }

  @Override
  public void serve(Connection connection, Request request) {
    long nanos = dice.tailed(150 * Kernel.MICROSECOND, 300 * Kernel.MICROSECOND);
    process.after(nanos, () -> dump(connection, request));
  }

  private void dump(Connection connection, Request request) {
    if (!connection.server().open()) {
      return;
    }
    int refusal = desk.refusal(request.user(), false);
    if (refusal > 0) {
      connection.server().send(() -> request.refused(refusal, "it is not let in", false));
      connection.server().close();
      return;
    }
    // A replica that connects anew ends its own old thread.
    endDump(request.replicaServerId());
    long place = BinaryLog.place(log.firstBeyond(request.from()));
    connection.server().send(() -> request.welcomed(place));
    DumpThread dump =
        new DumpThread(
            desk.newNumber(), process, log, engine.replicated(), connection, request, new Acks());
    dumps.add(dump);
    if (dump.semiSync()) {
      acks.joined(request.from().covers(log.position()));
    }
    dump.begin();
  }

  @Override
  public void endDump(long replicaServerId) {
    List.copyOf(dumps).stream()
        .filter(d -> d.replicaServerId() == replicaServerId)
        .forEach(DumpThread::end);
  }

  /**
   * Somebody asks for the log from a place, says that he acknowledges, and goes when he has read to
   * its end: whatever stands before the place is acknowledged.
   */
  void acknowledge(long place) {
    acks.joined(BinaryLog.entries(place) == log.size());
    acks.upTo(BinaryLog.entries(place) - 1, log.size() - 1);
    process.after(dice.between(1, 8) * Kernel.MILLISECOND, acks::left);
  }

  /** Threads that feed replicas. */
  public List<DumpThread> dumps() {
    return dumps;
  }

  private final class Acks implements DumpThread.Acknowledged {
    @Override
    public void upTo(int index) {
      acks.upTo(index, log.size() - 1);
    }

    @Override
    public void ended(DumpThread dump) {
      if (dumps.remove(dump) && dump.semiSync()) {
        acks.left();
      }
    }
  }

  @Override
  public long netTimeout() {
    return settings.netTimeoutSeconds * Kernel.SECOND;
  }

  /** 0 means 30 s. */
  @Override
  public long killTimeout() {
    return (settings.killTimeoutSeconds == 0 ? 30 : settings.killTimeoutSeconds) * Kernel.SECOND;
  }

  @Override
  public boolean strict() {
    return settings.strict;
  }

  @Override
  public boolean logsUpdates() {
    return file.binaryLog() && file.logsUpdates();
  }

  @Override
  public boolean acknowledges() {
    return settings.semiSyncReplica;
  }

  /** How long its applier needs for one transaction with full durability. */
  public void applyNanos(long nanos) {
    applyNanos = nanos;
  }

  @Override
  public long applyNanos() {
    return settings.durability().full() ? applyNanos : applyNanos / 20;
  }

  @Override
  public int appliers() {
    return settings.parallelMode.equals("none") ? 1 : Math.max(1, settings.parallelThreads);
  }

  @Override
  public Optional<Source> find(Endpoint address) {
    return neighbours.apply(address);
  }

  @Override
  public long lastSequence(long domain) {
    return commits.lastSequence(domain);
  }

  @Override
  public void commitReplicated(Transaction transaction, Runnable done) {
    if (locks.holdsUp(null)) {
      locks.park(null, () -> commitReplicated(transaction, done), () -> {});
    } else {
      commits.replicated(transaction, done);
    }
  }

  private final class Pipeline implements Commits.Host {
    @Override
    public long now() {
      return kernel.now();
    }

    @Override
    public long serverId() {
      return serverId;
    }

    @Override
    public boolean logging(boolean replicated) {
      return file.binaryLog() && (!replicated || file.logsUpdates());
    }

    @Override
    public void synced() {
      List.copyOf(dumps).forEach(DumpThread::pump);
    }

    @Override
    public void drained() {
      locks.look();
    }

    @Override
    public boolean stuck() {
      return troubles.diskFull();
    }
  }

  /** Space again: commits that wait for it go on. */
  public void diskFull(boolean full) {
    troubles.diskFull(full);
    process.run(commits::write);
  }

  // --- what can be read

  public Facts facts() {
    return new Facts(this);
  }

  // --- life and death

  /** Its port is open, and everything is as the start file says. */
  void up(Settings fresh) {
    settings.take(fresh);
    readOnly = file.readOnly();
    startedAt = kernel.now();
    listening = true;
    tell("is up, " + (readOnly ? "closed" : "open") + ", at " + log.position());
    if (!file.skipReplicaStart()) {
      channels.forEach(c -> c.start(true, true));
    }
  }

  /** Whatever it was doing is over. */
  void down() {
    listening = false;
    desk.died();
    dumps.clear();
    locks.died();
    commits.died();
    acks.died();
  }

  /** A copy of another server's data, before the first start or in the place of a rebuilt one. */
  public void restoreFrom(SimServer other, @Nullable GtidPosition at) {
    log.clear();
    channels.clear();
    engine.restore(other.engine, at == null ? other.applied() : at);
  }
}
