package dev.regent.sim.replication;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.Problem;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.GtidPosition;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.storage.RelayLog;
import java.time.Duration;
import java.util.OptionalLong;

/** One replication connection: its settings, its relay log, its two threads. */
public final class ReplicaChannel {
  /** {@code MASTER_CONNECT_RETRY}. */
  private static final long RETRY_DEFAULT = 60 * Kernel.SECOND;

  private static final long HEARTBEAT_DEFAULT = 30 * Kernel.SECOND;

  private final String name;
  private final Home home;
  private final RelayLog relay;
  private final Receiver receiver;
  private final Applier applier;
  private Endpoint source;
  private String user = "";
  private boolean gtid = true;
  private long retry = RETRY_DEFAULT;
  private long heartbeat = HEARTBEAT_DEFAULT;
  private long delay;

  public ReplicaChannel(String name, Endpoint source, Home home) {
    this.name = name;
    this.source = source;
    this.home = home;
    this.relay = new RelayLog(name);
    this.receiver = new Receiver(this, home);
    this.applier = new Applier(this, home);
  }

  public String name() {
    return name;
  }

  public RelayLog relay() {
    return relay;
  }

  public Receiver receiver() {
    return receiver;
  }

  public Applier applier() {
    return applier;
  }

  public Endpoint source() {
    return source;
  }

  String user() {
    return user;
  }

  public boolean usesGtid() {
    return gtid;
  }

  long retry() {
    return retry;
  }

  long heartbeat() {
    return heartbeat;
  }

  public long delay() {
    return delay;
  }

  // --- CHANGE MASTER

  public void pointTo(Endpoint other) {
    source = other;
  }

  public void user(String name) {
    user = name;
  }

  public void usesGtid(boolean on) {
    gtid = on;
  }

  public void retry(long nanos) {
    retry = nanos;
  }

  public void heartbeat(long nanos) {
    heartbeat = nanos;
  }

  public void delay(long nanos) {
    delay = nanos;
  }

  // --- threads

  public boolean stopped() {
    return receiver.state() == ThreadState.NO && !applier.running();
  }

  /**
   * {@code START SLAVE}: in GTID mode, with both threads stopped, the relay log is deleted, and
   * what it held has to come again (orchestrator.md 1.9).
   */
  public void start(boolean receive, boolean apply) {
    if (stopped() && gtid) {
      relay.purge();
      relay.receivedIs(home.engine().replicated());
    }
    if (apply) {
      applier.start();
    }
    if (receive) {
      receiver.start();
    }
  }

  /** The process died: what its threads were doing is over, what they wrote is there. */
  public void crash(int lost, boolean torn) {
    receiver.died();
    applier.died();
    relay.crash(lost, torn);
  }

  // --- SHOW ALL SLAVES STATUS

  public Channel status() {
    Problem ioProblem = receiver.problem();
    return new Channel(
        name,
        source,
        receiver.sourceServerId(),
        receiver.state(),
        applier.running(),
        relay.received(),
        gtid,
        receiver.heartbeats(),
        Duration.ofNanos(heartbeat),
        receiver.sourceLog(),
        receiver.readPosition(),
        relay.fileName(),
        relay.position(),
        relay.position(),
        lagSeconds(),
        ioProblem,
        applier.problem(),
        Duration.ofNanos(delay),
        applier.words());
  }

  private OptionalLong lagSeconds() {
    boolean knows =
        applier.running() && (receiver.state() == ThreadState.YES || relay.backlog() > 0);
    return knows ? OptionalLong.of(applier.lagNanos() / Kernel.SECOND) : OptionalLong.empty();
  }

  GtidPosition from() {
    GtidPosition received = relay.received();
    return received.isEmpty() ? home.engine().replicated() : received;
  }
}
