package dev.regent.proxy.net;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.fleet.Fleet;
import dev.regent.proxy.session.Settings;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Listeners, and the sessions of those who came. All of it is closed with this. */
public final class Proxy implements AutoCloseable {
  /**
   * Clients know their connections by numbers from here on: a {@code KILL} of one hits no thread of
   * a server's, whose numbers are small.
   */
  private static final long FIRST_NUMBER = 0x8000_0000L;

  private static final Duration CLOSING_MAX = Duration.ofSeconds(2);

  private final Map<ServerId, Endpoint> servers;
  private final AccountSource accounts;
  private final Fleet fleet;
  private final Transport transport;
  private final EventLoopGroup loops;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicInteger busy = new AtomicInteger();
  private volatile RoutingTable table = RoutingTable.closed();

  public Proxy(
      Map<ServerId, Endpoint> servers,
      Fleet fleet,
      AccountSource accounts,
      Transport transport,
      int loops) {
    this.servers = new LinkedHashMap<>(servers);
    this.fleet = fleet;
    this.accounts = accounts;
    this.transport = transport;
    this.loops = transport.loops(loops);
  }

  /**
   * Takes connections at an address from now on.
   *
   * @return the address, with the port that was given where 0 was asked for
   * @throws IOException it cannot be had
   */
  public InetSocketAddress listen(InetSocketAddress address, Settings settings) throws IOException {
    var bound =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.listening())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    client.pipeline().addLast(new Connection(Proxy.this, client, settings));
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot listen at " + address + ": " + bound.cause(), bound.cause());
    }
    return (InetSocketAddress) bound.channel().localAddress();
  }

  /** The newest word on where commands go. Sessions hear of it on their own threads, at once. */
  public void publish(RoutingTable newer) {
    table = newer;
    connections.forEach(connection -> connection.routed(newer));
  }

  /** How many commands are on their way to a server, or their responses on their way back. */
  public int busy() {
    return busy.get();
  }

  public int sessions() {
    return connections.size();
  }

  @Override
  public void close() {
    loops
        .shutdownGracefully(0, CLOSING_MAX.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(2 * CLOSING_MAX.toMillis());
  }

  // --- for its connections

  /** A connection that is entered before it reads the table misses no table. */
  void enter(Connection connection) {
    connections.add(connection);
  }

  void leave(Connection connection) {
    connections.remove(connection);
  }

  void countBusy(int change) {
    busy.addAndGet(change);
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

  Transport transport() {
    return transport;
  }

  Endpoint address(ServerId server) {
    Endpoint address = servers.get(server);
    if (address == null) {
      throw new IllegalStateException("no server " + server);
    }
    return address;
  }

  long nextNumber() {
    return FIRST_NUMBER + (numbers.getAndIncrement() & 0x7fff_ffffL);
  }
}
