package dev.regent.proxy.net;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.fleet.Fleet;
import dev.regent.proxy.seen.Counters;
import dev.regent.proxy.seen.Counters.Name;
import dev.regent.proxy.seen.Neighbours;
import dev.regent.proxy.seen.Samples;
import dev.regent.proxy.seen.SessionView;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Listeners, and the sessions of those who came. All of it is closed with this. */
public final class Proxy implements Neighbours, AutoCloseable {
  /**
   * Clients know their connections by numbers from here on: a {@code KILL} of one hits no thread of
   * a server's, whose numbers are small.
   */
  private static final long FIRST_NUMBER = 0x8000_0000L;

  /** A server that accepts nothing for so long is tried again, or another one. */
  private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

  private static final Duration CLOSING_MAX = Duration.ofSeconds(2);

  private final Servers servers;
  private final AccountSource accounts;
  private final Fleet fleet;
  private final Transport transport;
  private final Loops loops;
  private final Bootstrap connector;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Map<Long, Connection> numbered = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** Guards itself and the newest table. */
  private final Set<ServerId> drained = new TreeSet<>();

  private RoutingTable newest = RoutingTable.closed();
  private final Counters counters = new Counters();
  private final Aims aims = new Aims();
  private final Samples samples = new Samples();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicInteger busy = new AtomicInteger();
  private volatile RoutingTable table = RoutingTable.closed();
  private volatile Consumer<ServerId> suspicion = server -> {};

  public Proxy(
      Servers servers, Fleet fleet, AccountSource accounts, Transport transport, int loops) {
    this.servers = servers;
    this.fleet = fleet;
    this.accounts = accounts;
    this.transport = transport;
    this.loops = transport.loops(loops);
    this.connector = transport.connector(CONNECT_MAX);
  }

  /**
   * Takes connections at an address from now on.
   *
   * @return the address, with the port that was given where 0 was asked for
   * @throws IOException it cannot be had
   */
  public InetSocketAddress listen(InetSocketAddress address, Reception reception)
      throws IOException {
    Listener listener = new Listener(reception, new Parking(this, reception.spaces()));
    listener.open(wanted -> bind(wanted, listener), address);
    listeners.add(listener);
    return listener.address();
  }

  private Channel bind(InetSocketAddress address, Listener listener) throws IOException {
    var bound =
        new ServerBootstrap()
            .group(loops.group())
            .channel(transport.listening())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, listener.reception().seats().queue())
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    Networks believed = listener.reception().believed();
                    if (!believed.all().isEmpty()) {
                      client
                          .pipeline()
                          .addLast(
                              new HeaderReader(
                                  client, believed, why -> counters.refused(listener.name(), why)));
                    }
                    client.pipeline().addLast(new Connection(Proxy.this, client, listener));
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot listen at " + address + ": " + bound.cause(), bound.cause());
    }
    return bound.channel();
  }

  /**
   * Told, on event loops, each time a server refuses a connection or breaks one; so it must not
   * block. It is a reason to look at the server, and no more.
   */
  public void onLoss(Consumer<ServerId> listener) {
    suspicion = listener;
  }

  /** The newest word on where commands go. Sessions hear of it on their own threads, at once. */
  public void publish(RoutingTable newer) {
    synchronized (drained) {
      newest = newer;
      table = withoutDrained(newer);
      loops.routed(table);
    }
    connections.forEach(connection -> connection.routed(table));
    listeners.forEach(listener -> listener.parking().routed(table));
  }

  /**
   * Nobody hears of this server any more, as when it is frozen or cut off: reads of which nothing
   * has come yet are read elsewhere.
   */
  public void silent(ServerId server) {
    connections.forEach(connection -> connection.silent(server));
    unpark(server, Parked.End.LOST);
  }

  private RoutingTable withoutDrained(RoutingTable full) {
    return new RoutingTable(
        full.epoch(),
        full.primary(),
        full.writesHeld(),
        full.replicas().stream().filter(server -> !drained.contains(server)).toList(),
        full.candidate());
  }

  /**
   * Gives a server nothing to do while it is no primary, or gives it work again.
   *
   * @return false if that is so already
   */
  public boolean drain(ServerId server, boolean out) {
    synchronized (drained) {
      if (out ? !drained.add(server) : !drained.remove(server)) {
        return false;
      }
      publish(newest);
      return true;
    }
  }

  public boolean isDrained(ServerId server) {
    synchronized (drained) {
      return drained.contains(server);
    }
  }

  /** All listeners, as operators write them. */
  public List<String> listeners() {
    return listeners.stream().map(Listener::name).toList();
  }

  /**
   * Closes a listener's port and ends its sessions one by one, each when it is idle and has no
   * transaction open; or opens the port again.
   *
   * @return false if that is so already
   * @throws IOException the port cannot be had again
   */
  public boolean drain(String listener, boolean out) throws IOException {
    Listener found =
        listeners.stream().filter(l -> l.name().equals(listener)).findFirst().orElseThrow();
    if (!out) {
      return found.open(address -> bind(address, found), found.address());
    }
    boolean changed = found.close();
    found.parking().clear();
    connections.stream().filter(c -> c.listener() == found).forEach(c -> c.leave(false));
    return changed;
  }

  /** Every session as its own thread sees it, in the order of their numbers. */
  public CompletableFuture<List<SessionView>> views() {
    Map<EventLoop, List<Connection>> byLoop =
        connections.stream().collect(Collectors.groupingBy(Connection::loop));
    List<CompletableFuture<List<SessionView>>> parts = new ArrayList<>();
    byLoop.forEach((loop, mine) -> {
      CompletableFuture<List<SessionView>> part = new CompletableFuture<>();
      loop.execute(() -> part.complete(mine.stream().flatMap(c -> c.view().stream()).toList()));
      parts.add(part);
    });
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .thenApply(done ->
            parts.stream()
                .flatMap(part -> part.join().stream())
                .sorted(Comparator.comparingLong(SessionView::number))
                .toList());
  }

  @Override
  public Optional<Place> find(long number) {
    return Optional.ofNullable(numbered.get(number)).flatMap(Connection::place);
  }

  @Override
  public Optional<Place> aim(long number) {
    Optional<Place> place = find(number);
    place.ifPresent(aims::at);
    // Still there: then whoever it leaves the connection to comes after the aim.
    return place.equals(find(number)) ? place : Optional.empty();
  }

  @Override
  public void end(long number) {
    Connection found = numbered.get(number);
    if (found != null) {
      found.leave(true);
    }
  }

  /** How many commands are on their way to a server, or their responses on their way back. */
  public int busy() {
    return busy.get();
  }

  @Override
  public Counters counters() {
    return counters;
  }

  @Override
  public Samples samples() {
    return samples;
  }

  public int sessions() {
    return connections.size();
  }

  @Override
  public void close() {
    listeners.forEach(listener -> listener.parking().clear());
    loops.close(CLOSING_MAX);
  }

  // --- for its connections

  /** A connection that is entered before it reads the table misses no table. */
  void enter(Connection connection) {
    connections.add(connection);
    counters.count(Name.CONNECTIONS, connection.listener().name());
    numbered.put(connection.number(), connection);
  }

  void leave(Connection connection) {
    connections.remove(connection);
    numbered.remove(connection.number());
  }

  long nextNumber() {
    return FIRST_NUMBER + (numbers.getAndIncrement() & 0x7fff_ffffL);
  }

  void countBusy(int change) {
    busy.addAndGet(change);
  }

  void lost(ServerId server) {
    counters.count(Name.LINKS_LOST, server.name());
    suspicion.accept(server);
    unpark(server, Parked.End.LOST);
  }

  /** From any thread: closes what goes to a server and is no session's. */
  void unpark(ServerId server, Parked.End why) {
    listeners.forEach(listener -> listener.parking().clear(server, why));
  }

  /** A connection that was no session's has broken. */
  void suspect(ServerId server) {
    suspicion.accept(server);
  }

  boolean isAimedAt(Place place) {
    return aims.include(place);
  }

  RoutingTable table() {
    return table;
  }

  Fleet fleet() {
    return fleet;
  }

  AccountSource accounts() {
    return accounts;
  }

  Servers servers() {
    return servers;
  }

  /** Made once: after a role change every session connects in the same moment. */
  Bootstrap connector(EventLoop loop) {
    return connector.clone(loop);
  }
}
