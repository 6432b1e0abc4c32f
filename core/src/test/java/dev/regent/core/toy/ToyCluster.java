package dev.regent.core.toy;

import dev.regent.core.model.Channel.Problem;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.Check;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Gtid;
import dev.regent.core.model.ServerFacts.SemiSync;
import dev.regent.core.model.ServerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The servers, what flows between them, and what clients were told. Time moves by {@link #tick}.
 */
public final class ToyCluster {
  /** The manager's end of a cut path. */
  public static final ServerId MANAGER = new ServerId("the manager");

  /** {@code slave_net_timeout}, the server's default (physics 1). */
  private static final long NET_TIMEOUT_MILLIS = 60_000;

  private static final long CONNECT_RETRY_MILLIS = 1_000;

  private final ClusterSpec spec;
  private final Map<ServerId, ToyServer> servers = new LinkedHashMap<>();
  private final TreeSet<String> cuts = new TreeSet<>();
  private final List<Gtid> acknowledged = new ArrayList<>();
  private long nowMillis;
  private long noticed;

  /** All servers up and closed, alike and empty, nobody following anybody. */
  public ToyCluster(ClusterSpec spec, long nowMillis) {
    this.spec = spec;
    this.nowMillis = nowMillis;
    for (ClusterSpec.Server server : spec.servers()) {
      servers.put(server.id(), new ToyServer(server, servers.size() + 1));
    }
    servers.values().forEach(s -> s.startedMillis = nowMillis - 3_600_000);
  }

  public ClusterSpec spec() {
    return spec;
  }

  public List<ToyServer> servers() {
    return List.copyOf(servers.values());
  }

  public ToyServer server(ServerId id) {
    return Optional.ofNullable(servers.get(id)).orElseThrow();
  }

  public long nowMillis() {
    return nowMillis;
  }

  /** What clients were told is safe. */
  public List<Gtid> acknowledged() {
    return List.copyOf(acknowledged);
  }

  /** Servers that take writes now, a frozen one included. */
  public List<ServerId> writable() {
    return servers.values().stream().filter(ToyServer::writable).map(ToyServer::id).toList();
  }

  // --- setting up

  /** Opens the first server, writes a little on it and lets the others follow it. */
  public void replicateFrom(ServerId primary) {
    ToyServer source = server(primary);
    source.readOnly = false;
    for (int i = 0; i < 10; i++) {
      source.log(0, 0, "", nowMillis);
    }
    for (ToyServer server : servers.values()) {
      if (server != source) {
        server.restoreFrom(source);
        follow(server.id(), primary);
      }
    }
    tick();
  }

  public ToyChannel follow(ServerId replica, ServerId source) {
    ToyServer server = server(replica);
    Endpoint address = spec.server(source).replicationAddress();
    ToyChannel channel = new ToyChannel("", address);
    server.channels.clear();
    server.channels.add(channel);
    server.start(channel, true, true);
    return channel;
  }

  /** Semi-sync as the profile wants it, on all servers. */
  public void semiSync(ServerId primary, long timeoutMillis, boolean waitNoReplica) {
    for (ToyServer server : servers.values()) {
      boolean leads = server.id().equals(primary);
      server.semiSync =
          new SemiSync(leads, !leads, timeoutMillis, "AFTER_SYNC", leads && waitNoReplica);
      server.channels.forEach(c -> c.acknowledges = true);
    }
  }

  // --- faults

  public void kill(ServerId id) {
    server(id).kill();
  }

  /** Like {@link #kill}, but its replicas see their connections end only some time later. */
  public void killNoticedLate(ServerId id, long noticedAfterMillis) {
    kill(id);
    noticed = nowMillis + noticedAfterMillis;
  }

  public void boot(ServerId id) {
    Check.that(server(id).process == ToyServer.Life.DOWN, id + " is not down");
    server(id).boot(nowMillis);
  }

  public void freeze(ServerId id) {
    server(id).process = ToyServer.Life.FROZEN;
  }

  public void thaw(ServerId id) {
    server(id).process = ToyServer.Life.UP;
  }

  /** Two commits wait, replicas have them, and all connections broke before they could say so. */
  public void loseAcknowledgements(ServerId primary) {
    write(primary, 0);
    write(primary, 0);
    server(primary).unheard = true;
  }

  /** From now on it does not hear its replicas, and they get nothing. */
  public void deafen(ServerId primary) {
    server(primary).deaf = true;
  }

  public boolean deaf(ServerId primary) {
    return server(primary).deaf;
  }

  /** Drops all packets between the two. */
  public void cut(ServerId one, ServerId other) {
    cuts.add(path(one, other));
  }

  public void heal() {
    cuts.clear();
  }

  private static String path(ServerId one, ServerId other) {
    return one.compareTo(other) < 0 ? one + " " + other : other + " " + one;
  }

  boolean connected(ServerId one, ServerId other) {
    return !cuts.contains(path(one, other));
  }

  // --- clients

  /** A client's write: acknowledged at once, later, or never. False if the server refuses it. */
  public boolean write(ServerId id, long domain) {
    ToyServer server = server(id);
    if (!server.up() || server.readOnly) {
      return false;
    }
    if (server.unheard) {
      return true;
    }
    commit(server, server.log(domain, 0, "", nowMillis));
    return true;
  }

  void commit(ToyServer server, Transaction transaction) {
    if (server.semiSync.primaryEnabled()) {
      server.pending.add(new ToyServer.Pending(transaction, nowMillis));
    } else {
      acknowledge(transaction);
    }
  }

  private void acknowledge(Transaction transaction) {
    acknowledged.add(transaction.gtid());
  }

  /** Switching semi-sync off, or killing the statement, tells every waiting client OK. */
  void releasePending(ToyServer server) {
    server.pending.forEach(p -> acknowledge(p.transaction()));
    server.pending.clear();
  }

  /** Whatever waits and stands before this place in the log is acknowledged, once and for all. */
  void acknowledgeUpTo(ToyServer server, int entries) {
    server.unheard = false;
    List<Gtid> gtids = server.binlog.subList(0, entries).stream().map(Transaction::gtid).toList();
    confirm(
        server,
        server.pending.stream().filter(p -> gtids.contains(p.transaction().gtid())).toList());
  }

  private void confirm(ToyServer server, List<ToyServer.Pending> done) {
    done.forEach(p -> acknowledge(p.transaction()));
    server.acknowledged += done.size();
    server.pending.removeAll(done);
  }

  // --- time

  /** One millisecond passes. */
  public void tick() {
    nowMillis++;
    for (ToyServer server : servers.values()) {
      if (server.up()) {
        server.channels.forEach(c -> receive(server, c));
      }
    }
    servers.values().stream().filter(ToyServer::up).forEach(this::acknowledgePending);
    for (ToyServer server : servers.values()) {
      if (server.up()) {
        server.channels.forEach(c -> server.apply(c, clients(server) > 0, nowMillis));
      }
    }
  }

  private void receive(ToyServer server, ToyChannel channel) {
    Optional<ToyServer> found = spec.at(channel.source).map(s -> server(s.id()));
    if (channel.io == ThreadState.NO || found.isEmpty()) {
      return;
    }
    ToyServer source = found.get();
    if (source.process == ToyServer.Life.DOWN && nowMillis < noticed) {
      return;
    }
    if (source.process == ToyServer.Life.DOWN) {
      channel.io = ThreadState.CONNECTING;
      channel.nextTryMillis = nowMillis + CONNECT_RETRY_MILLIS;
    } else if (!source.up() || !connected(server.id(), source.id())) {
      if (nowMillis - channel.lastHeardMillis >= NET_TIMEOUT_MILLIS) {
        channel.io = ThreadState.CONNECTING;
      }
    } else {
      connect(server, channel, source);
      fetch(server, channel, source);
    }
  }

  /** Tries to connect if it is time; a running connection is left alone. */
  void connect(ToyServer server, ToyChannel channel, ToyServer source) {
    if (channel.io != ThreadState.CONNECTING || nowMillis < channel.nextTryMillis) {
      return;
    }
    boolean known = channel.received.gtids().stream().allMatch(source::has);
    if (!known) {
      channel.io = ThreadState.NO;
      channel.ioProblem =
          new Problem(1236, "requested to start from GTID " + channel.received + ", not in log");
      return;
    }
    channel.io = ThreadState.YES;
    channel.ioProblem = Problem.NONE;
    channel.sourceServerId = source.serverId;
    channel.acknowledges = server.semiSync.replicaEnabled();
    channel.lastHeardMillis = nowMillis;
    channel.cursor = 0;
    while (channel.cursor < source.binlog.size() && reached(channel, source)) {
      channel.cursor++;
    }
  }

  private static boolean reached(ToyChannel channel, ToyServer source) {
    Gtid next = source.binlog.get(channel.cursor).gtid();
    return channel.received.sequence(next.domain()) >= next.sequence();
  }

  private void fetch(ToyServer server, ToyChannel channel, ToyServer source) {
    if (channel.io != ThreadState.YES || source.deaf) {
      return;
    }
    while (channel.cursor < source.binlog.size()) {
      Transaction next = source.binlog.get(channel.cursor++);
      if (channel.received.sequence(next.gtid().domain()) < next.gtid().sequence()) {
        server.receive(channel, next);
      }
      channel.lastHeardMillis = nowMillis;
    }
    boolean beats = !channel.heartbeat.isZero();
    if (beats && nowMillis - channel.lastHeardMillis >= channel.heartbeat.toMillis()) {
      channel.heartbeats++;
      channel.lastHeardMillis = nowMillis;
    }
  }

  // --- acknowledgements

  private boolean acknowledges(ToyServer replica, ToyServer source) {
    return replica.up()
        && connected(replica.id(), source.id())
        && link(replica, source).filter(c -> c.acknowledges).isPresent();
  }

  /** The connected channel of a replica to a source. */
  Optional<ToyChannel> link(ToyServer replica, ToyServer source) {
    return replica.channels.stream()
        .filter(c -> c.io == ThreadState.YES)
        .filter(c -> c.source.equals(source.spec.replicationAddress()))
        .findFirst();
  }

  int clients(ToyServer source) {
    return (int) servers.values().stream().filter(r -> acknowledges(r, source)).count();
  }

  private void acknowledgePending(ToyServer server) {
    boolean nobody = clients(server) == 0 && !server.semiSync.waitNoReplica();
    List<ToyServer.Pending> done =
        server.pending.stream()
            .filter(p -> nobody || timedOut(server, p) || received(server, p.transaction()))
            .toList();
    confirm(server, done);
  }

  private boolean timedOut(ToyServer server, ToyServer.Pending pending) {
    long timeout = server.semiSync.timeoutMillis();
    return timeout != SemiSync.ENDLESS && nowMillis - pending.sinceMillis() >= timeout;
  }

  private boolean received(ToyServer source, Transaction transaction) {
    Gtid gtid = transaction.gtid();
    return !source.unheard
        && !source.deaf
        && servers.values().stream()
            .filter(r -> acknowledges(r, source))
            .flatMap(r -> link(r, source).stream())
            .anyMatch(c -> c.received.sequence(gtid.domain()) >= gtid.sequence());
  }
}
