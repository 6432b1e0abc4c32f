package dev.regent.core.toy;

import dev.regent.core.model.Channel.Problem;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.Observation;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerFacts.Durability;
import dev.regent.core.model.ServerFacts.SemiSync;
import dev.regent.core.model.ServerFacts.SemiSyncStatus;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Evidence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One MariaDB server in memory, with the habits that cost others their data: it purges relay logs
 * (orchestrator.md 1.9), skips its own server id (physics 5.3), keeps unacknowledged commits over a
 * crash, and comes up closed with its replication stopped.
 */
public final class ToyServer {

  /** State of its process. */
  public enum Life {
    UP,
    FROZEN,
    DOWN
  }

  /** A commit whose client waits for an acknowledgement. */
  record Pending(Transaction transaction, long sinceMillis) {}

  final ClusterSpec.Server spec;
  final long serverId;
  Life process = Life.UP;
  Optional<Observation.Kind> refuses = Optional.empty();
  long startedMillis;
  boolean readOnly = true;
  final List<Transaction> binlog = new ArrayList<>();
  GtidState state = GtidState.EMPTY;
  GtidPosition slavePos = GtidPosition.EMPTY;
  final Map<Long, String> reigns = new TreeMap<>();
  final List<ToyChannel> channels = new ArrayList<>();
  final List<Pending> pending = new ArrayList<>();

  /**
   * The acknowledgements of all that is in its log got lost with its connections. Its replicas do
   * not repeat them, and as two groups of commits wait, nothing more gets into the log.
   */
  boolean unheard;

  /** It hears no acknowledgement and serves no replica until somebody else asks for its log. */
  boolean deaf;

  /** {@code Rpl_semi_sync_master_yes_tx}. */
  long acknowledged;

  SemiSync semiSync = new SemiSync(false, false, 10_000, "AFTER_SYNC", true);
  Durability durability = Durability.FULL;
  boolean eventScheduler;
  public String version = "11.4.5-MariaDB";
  public String format = "ROW";
  public boolean logsUpdates = true;
  public int parallelThreads = 4;

  /** How long its SQL thread needs for one transaction with full durability; 0 is no time. */
  public long applyMillis;

  public Optional<String> cannotWrite = Optional.empty();
  private long lastAppliedMillis;
  private boolean skipsOwn;
  private long pretended;

  ToyServer(ClusterSpec.Server spec, long serverId) {
    this.spec = spec;
    this.serverId = serverId;
  }

  public ServerId id() {
    return spec.id();
  }

  public Life process() {
    return process;
  }

  public boolean up() {
    return process == Life.UP;
  }

  public boolean writable() {
    return process != Life.DOWN && !readOnly;
  }

  public boolean readOnly() {
    return readOnly;
  }

  public GtidState state() {
    return state;
  }

  public Durability durability() {
    return durability;
  }

  public SemiSync semiSync() {
    return semiSync;
  }

  /** Reign rows it holds: epoch to primary. */
  public Map<Long, String> reigns() {
    return reigns;
  }

  public boolean has(Gtid gtid) {
    return state.sequence(gtid.domain(), gtid.server()) >= gtid.sequence();
  }

  /** The only channel; most servers here have no other. */
  public ToyChannel channel() {
    return channels.getFirst();
  }

  Optional<ToyChannel> channel(String name) {
    return channels.stream().filter(c -> c.name.equals(name)).findFirst();
  }

  // --- what people do to it

  /** Somebody stops one or both threads of its only connection. */
  public void stop(boolean io, boolean sql) {
    ToyChannel channel = channel();
    channel.io = io ? ThreadState.NO : channel.io;
    channel.sql = !sql && channel.sql;
  }

  /** Somebody starts its replication, as a client would. */
  public void startReplication() {
    start(channel(), true, true);
  }

  /** Its SQL thread stops with an error. */
  public void breakApplying(int error, String text) {
    channel().sql = false;
    channel().sqlProblem = new Problem(error, text);
  }

  /** Its IO thread stops with an error. */
  public void breakReceiving(int error, String text) {
    channel().io = ThreadState.NO;
    channel().ioProblem = new Problem(error, text);
  }

  public void heartbeat(Duration period) {
    channel().heartbeat = period;
  }

  public void delay(Duration delay) {
    channel().delay = delay;
  }

  /** From now on it answers the manager so; nothing ends it. */
  public void refuse(Observation.Kind kind) {
    refuses = Optional.of(kind);
  }

  public void admit() {
    refuses = Optional.empty();
  }

  /** As it looks to a manager whose clock was set meanwhile. */
  public void seemsUpFor(Duration time) {
    startedMillis -= time.toMillis();
  }

  public void readOnly(boolean on) {
    readOnly = on;
  }

  public void events(boolean on) {
    eventScheduler = on;
  }

  public void semiSync(SemiSync now) {
    semiSync = now;
  }

  public void durability(Durability now) {
    durability = now;
  }

  /** Its connection breaks, and it tries again only after this long. */
  public void loseConnection(Duration retry) {
    channel().io = ThreadState.CONNECTING;
    channel().nextTryMillis = Long.MAX_VALUE - retry.toMillis();
  }

  /** Its connection breaks, and it connects again at this time. */
  public void reconnectAt(long millis) {
    channel().io = ThreadState.CONNECTING;
    channel().nextTryMillis = millis;
  }

  public void forgetSource() {
    channels.clear();
  }

  /** It has another server's id from now on. */
  public void pretend(long otherServerId) {
    pretended = otherServerId;
  }

  /** A connection to somewhere else. */
  public void follow(String name, Endpoint source) {
    ToyChannel channel = new ToyChannel(name, source);
    channel.io = ThreadState.YES;
    channel.sql = true;
    channels.add(channel);
  }

  /** Somebody with the right to do so writes on it, whatever read_only says. */
  public void writeErrant(long domain) {
    log(domain, 0, "", startedMillis);
  }

  /** Rebuilt from a copy of another server: closed, following nobody. */
  public void rebuildFrom(ToyServer other) {
    binlog.clear();
    channels.clear();
    restoreFrom(other);
  }

  /** A crash, or a truncation at restart, takes the end of its log. */
  public void loseLast(int transactions) {
    List<Transaction> kept = binlog.subList(0, binlog.size() - transactions);
    List<Transaction> copy = List.copyOf(kept);
    binlog.clear();
    reigns.clear();
    state = GtidState.EMPTY;
    copy.forEach(this::append);
    if (!slavePos.isEmpty()) {
      // It is part of each transaction.
      slavePos = state.position();
    }
  }

  /** It drops its own events when they come back, whatever its settings say (physics 5.3). */
  public void skipsOwnEvents() {
    skipsOwn = true;
  }

  /** It has received what nobody else has: this many transactions of some other server. */
  public void received(long domain, int transactions) {
    for (int i = 1; i <= transactions; i++) {
      receive(channel(), Transaction.write(new Gtid(domain, 1, i), startedMillis));
    }
  }

  public ServerFacts facts() {
    return facts(0, startedMillis);
  }

  /** Transactions received and not applied. */
  public int backlog() {
    return channels.stream().mapToInt(c -> c.relay.size()).sum();
  }

  // --- log

  /** Appends to its own binary log, as a client's session does. */
  Transaction log(long domain, long epoch, String owner, long nowMillis) {
    long next = state.position().sequence(domain) + 1;
    Transaction transaction =
        new Transaction(
            new Gtid(domain, pretended > 0 ? pretended : serverId, next), epoch, owner, nowMillis);
    append(transaction);
    return transaction;
  }

  private void append(Transaction transaction) {
    binlog.add(transaction);
    state = state.merge(new GtidState(List.of(transaction.gtid())));
    if (transaction.epoch() > 0) {
      reigns.put(transaction.epoch(), transaction.owner());
    }
  }

  GtidPosition applied() {
    return state.position().merge(slavePos);
  }

  void restoreFrom(ToyServer other) {
    binlog.addAll(other.binlog);
    state = other.state;
    slavePos = other.applied();
    reigns.clear();
    reigns.putAll(other.reigns);
  }

  // --- threads

  /** {@code START SLAVE}: in GTID mode, with both threads stopped, it deletes the relay log. */
  void start(ToyChannel channel, boolean io, boolean sql) {
    if (channel.stopped() && channel.usesGtid) {
      channel.relay.clear();
      channel.received = slavePos;
    }
    if (io && channel.io == ThreadState.NO) {
      channel.io = ThreadState.CONNECTING;
      channel.ioProblem = Problem.NONE;
      channel.nextTryMillis = 0;
    }
    if (sql) {
      channel.sql = true;
      channel.sqlProblem = Problem.NONE;
    }
  }

  void receive(ToyChannel channel, Transaction transaction) {
    channel.relay.add(transaction);
    channel.received = channel.received.merge(new GtidPosition(List.of(transaction.gtid())));
  }

  /** Applies what is due; {@code acknowledged}: somebody could acknowledge for this server. */
  void apply(ToyChannel channel, boolean acknowledged, long nowMillis) {
    while (channel.sql && !channel.relay.isEmpty() && due(channel, nowMillis)) {
      if (semiSync.endlessAfterSync() && !acknowledged) {
        // Its own applier waits for an acknowledgement that nobody gives (physics 4.3).
        return;
      }
      apply(channel, channel.relay.getFirst());
      lastAppliedMillis = nowMillis;
    }
  }

  /** Executes what the source has and this server lacks. */
  void fetch(ToyServer source, GtidPosition until) {
    for (Transaction transaction : source.binlog) {
      GtidPosition gtid = new GtidPosition(List.of(transaction.gtid()));
      if (until.covers(gtid) && !applied().covers(gtid)) {
        append(transaction);
        slavePos = slavePos.merge(gtid);
      }
    }
  }

  private boolean due(ToyChannel channel, long nowMillis) {
    long age = nowMillis - channel.relay.getFirst().atMillis();
    long needed = durability.full() ? applyMillis : applyMillis / 20;
    return nowMillis - lastAppliedMillis >= needed && age >= channel.delay.toMillis();
  }

  private void apply(ToyChannel channel, Transaction transaction) {
    Gtid gtid = transaction.gtid();
    boolean ownSkipped = gtid.server() == serverId && (skipsOwn || !semiSync.replicaEnabled());
    if (!ownSkipped && gtid.sequence() <= state.position().sequence(gtid.domain())) {
      channel.sql = false;
      channel.sqlProblem = new Problem(1950, gtid + " is out of order in strict mode");
      return;
    }
    channel.relay.removeFirst();
    slavePos = slavePos.merge(new GtidPosition(List.of(gtid)));
    if (!ownSkipped) {
      append(transaction);
    }
  }

  // --- faults

  void kill() {
    process = Life.DOWN;
    unheard = false;
    deaf = false;
    pending.clear();
    channels.forEach(ToyChannel::stop);
  }

  /** Comes up as its start file says: closed, nothing replicating, nothing acknowledged. */
  void boot(long nowMillis) {
    process = Life.UP;
    startedMillis = nowMillis;
    readOnly = true;
    durability = Durability.FULL;
    semiSync = new SemiSync(false, false, 10_000, "AFTER_SYNC", true);
    for (ToyChannel channel : channels) {
      channel.received = GtidPosition.EMPTY;
      channel.heartbeats = 0;
    }
  }

  // --- what can be read

  ServerFacts facts(int clients, long nowMillis) {
    return new ServerFacts(
        pretended > 0 ? pretended : serverId,
        version,
        startedMillis,
        readOnly,
        new ServerFacts.BinaryLog(true, logsUpdates, true, format, "FULL"),
        state.position(),
        state,
        slavePos,
        semiSync,
        durability,
        eventScheduler,
        parallelThreads,
        channels.stream().map(c -> c.facts(nowMillis)).toList(),
        semiSync.primaryEnabled()
            ? Optional.of(new SemiSyncStatus(true, clients, pending.size(), acknowledged, 0, deaf))
            : Optional.empty(),
        cannotWrite);
  }

  Evidence.Standing standing() {
    GtidPosition received = applied();
    boolean known = true;
    for (ToyChannel channel : channels) {
      received = received.merge(channel.received);
      known &= !channel.received.isEmpty() || channel.relay.isEmpty();
    }
    return new Evidence.Standing(
        id(),
        received,
        applied(),
        state,
        known,
        channels.stream().allMatch(c -> c.sql),
        channels.stream().anyMatch(c -> c.io != ThreadState.NO));
  }
}
