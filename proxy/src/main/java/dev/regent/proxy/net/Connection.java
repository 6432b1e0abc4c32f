package dev.regent.proxy.net;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.auth.HostPattern;
import dev.regent.proxy.seen.Neighbours;
import dev.regent.proxy.seen.Refusal;
import dev.regent.proxy.seen.SessionView;
import dev.regent.proxy.session.Effect;
import dev.regent.proxy.session.Input;
import dev.regent.proxy.session.Packet;
import dev.regent.proxy.session.Session;
import dev.regent.proxy.session.Turn;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Seed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's socket, those of its servers, and the {@link Session} between them, all on one event
 * loop. It carries bytes to the session and does what comes of it.
 *
 * <p>Back-pressure: the client is read only while the server that its commands go to takes them, a
 * server only while the client takes what it was sent. Of a client that sends ahead only so much is
 * kept.
 */
// What is written or closed in vain ends in a channel that closes, and that is heard; so nobody is
// promised anything of a write, of which there is one for each packet.
@SuppressWarnings("FutureReturnValueIgnored")
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final SecureRandom CHANCE = new SecureRandom();

  private static final Duration ACCOUNTS_RETRY = Duration.ofMillis(100);

  /** A client that does not take what it was last told is cut. */
  private static final Duration LAST_WORD_MAX = Duration.ofSeconds(5);

  /** What a client may send before the session wants it. */
  private static final int AHEAD_MAX = 64 << 10;

  private final Proxy proxy;
  private final Channel client;
  private final Listener listener;
  private final Reception reception;
  private final long number;
  private final Received fromClient;
  private final ServerSides servers;
  private final Queue<Input> inputs = new ArrayDeque<>();
  private @Nullable Session session;
  private @Nullable ScheduledFuture<?> alarm;
  private volatile Optional<Neighbours.Place> place = Optional.empty();
  private boolean stepping;

  /** Not flushed yet. */
  private boolean written;

  private boolean wasBusy;
  private boolean clientGone;
  private boolean seated;

  Connection(Proxy proxy, Channel client, Listener listener) {
    this.proxy = proxy;
    this.client = client;
    this.listener = listener;
    this.reception = listener.reception();
    this.number = proxy.nextNumber();
    this.fromClient = new Received(client.alloc());
    this.servers = new ServerSides(this);
  }

  /** From any thread. */
  void routed(RoutingTable table) {
    later(new Input.Routed(table));
  }

  /** From any thread. */
  void silent(ServerId server) {
    later(new Input.Silent(server));
  }

  /** From any thread. */
  void leave(boolean atOnce) {
    later(new Input.Leave(atOnce));
  }

  private void later(Input input) {
    try {
      client.eventLoop().execute(() -> step(input));
    } catch (RejectedExecutionException e) {
      LOG.debug("{} for a proxy that is closing", input, e);
    }
  }

  long number() {
    return number;
  }

  Proxy proxy() {
    return proxy;
  }

  Channel client() {
    return client;
  }

  boolean has(ServerSide server) {
    return servers.has(server);
  }

  /** False if it was forgotten before. */
  boolean forget(ServerSide server) {
    return servers.forget(server);
  }

  Listener listener() {
    return listener;
  }

  EventLoop loop() {
    return client.eventLoop();
  }

  /** Where its statements go, as of its last step; from any thread. */
  Optional<Neighbours.Place> place() {
    return place;
  }

  /** Empty before the greeting. On its own loop. */
  Optional<SessionView> view() {
    return Optional.ofNullable(session)
        .map(s -> s.view(address(), listener.name(), System.nanoTime()));
  }

  private String address() {
    InetSocketAddress from = HeaderReader.origin(client);
    return from.getAddress().getHostAddress() + ":" + from.getPort();
  }

  // --- the client's side

  @Override
  public void channelActive(ChannelHandlerContext context) {
    seated = reception.seats().take();
    if (!seated) {
      // As a server does it: before its greeting, so without a state.
      refused(Refusal.FULL);
      Err full = new Err(1040, "", "Too many connections");
      hangup(Unpooled.wrappedBuffer(PacketWriter.frame(full.encode(), 0)));
      return;
    }
    proxy.enter(this);
    begin(System.nanoTime() + reception.settings().hold().toNanos());
  }

  /** Nobody can be greeted before it is known who may come. */
  private void begin(long deadline) {
    if (clientGone) {
      return;
    }
    if (proxy.accounts().current().isPresent()) {
      byte[] chance = new byte[Seed.LENGTH];
      CHANCE.nextBytes(chance);
      String address = HeaderReader.origin(client).getAddress().getHostAddress();
      session =
          new Session(
              reception.settings(),
              HostPattern.Peer.at(address),
              number,
              Seed.fromChance(chance),
              () -> proxy.accounts().current().orElseThrow(),
              proxy.fleet(),
              proxy.table(),
              proxy);
      step(new Input.Connected());
      if (listener.draining()) {
        // It was on its way in when the port was closed.
        leave(false);
      }
    } else if (System.nanoTime() - deadline >= 0) {
      refused(Refusal.UNKNOWN);
      Err err = new Err(1040, "08004", "The accounts of the servers are not known yet (Regent)");
      hangup(Unpooled.wrappedBuffer(PacketWriter.frame(err.encode(), 0)));
    } else {
      proxy
          .accounts()
          .refresh(() ->
              client
                  .eventLoop()
                  .schedule(() -> begin(deadline), ACCOUNTS_RETRY.toMillis(), MILLISECONDS));
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    fromClient.add((ByteBuf) message);
    step(new Input.FromClient(fromClient));
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    balance();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    clientGone = true;
    step(new Input.ClientGone());
    proxy.leave(this);
    servers.disconnectAll();
    if (wasBusy) {
      wasBusy = false;
      proxy.countBusy(-1);
    }
    if (seated) {
      reception.seats().leave();
    }
    fromClient.clear();
    if (alarm != null) {
      alarm.cancel(false);
    }
  }

  /** Comes before the first byte that was protected. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
      SSLEngine engine = client.pipeline().get(SslHandler.class).engine();
      step(new Input.ClientSecured(PeerCertificate.of(engine.getSession())));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    failed(cause, client);
  }

  // --- the session

  void step(Input input) {
    inputs.add(input);
    if (stepping) {
      return;
    }
    stepping = true;
    try {
      for (Input next = inputs.poll(); next != null; next = inputs.poll()) {
        if (session != null) {
          take(session, next);
        }
      }
    } catch (RuntimeException e) {
      // A bug: this session ends, with its servers, and nobody else's.
      inputs.clear();
      servers.disconnectAll();
      failed(e, client);
    } finally {
      stepping = false;
    }
    if (written) {
      written = false;
      client.flush();
    }
    servers.flush();
    balance();
  }

  private void take(Session mine, Input input) {
    Turn turn = mine.step(input, System.nanoTime());
    boolean again = false;
    for (Effect effect : turn.effects()) {
      again |= effect instanceof Effect.Again;
      apply(effect, input);
    }
    switch (input) {
      case Input.FromClient from -> fromClient.used(turn.used());
      case Input.FromServer from -> {
        ServerSide server = servers.find(from.link());
        if (server != null) {
          server.received().used(turn.used());
        }
      }
      default -> {}
    }
    // Now that it is known which bytes were used.
    turn.effects().forEach(this::applyLate);
    if (again && fromClient.length() > 0) {
      inputs.add(new Input.FromClient(fromClient));
    }
    if (alarm != null && !mine.wantsTick()) {
      // A loop that waits for nothing but sockets sleeps at a lower price.
      alarm.cancel(false);
      alarm = null;
    }
    if (!place.equals(mine.place())) {
      place = mine.place();
    }
    if (wasBusy != mine.busy()) {
      wasBusy = mine.busy();
      proxy.countBusy(wasBusy ? 1 : -1);
    }
  }

  private void apply(Effect effect, Input cause) {
    switch (effect) {
      case Effect.Say say -> toClient(wrap(say.packet()));
      case Effect.Tell tell -> servers.write(tell.link(), wrap(tell.packet()));
      case Effect.PassToClient pass -> {
        Input.FromServer from = (Input.FromServer) cause;
        toClient(((Received) from.bytes()).share(pass.from(), pass.to()));
      }
      case Effect.PassToServer pass ->
          servers.write(pass.link(), fromClient.share(pass.from(), pass.to()));
      case Effect.Link wanted -> servers.connect(wanted);
      case Effect.Unlink gone -> servers.disconnect(gone.number());
      case Effect.Park left -> {}
      case Effect.Crowded crowded -> proxy.unpark(crowded.server(), Parked.End.NO_ROOM);
      case Effect.Hangup hangup -> hangup(Unpooled.EMPTY_BUFFER);
      case Effect.Refused refused -> refused(refused.why());
      case Effect.SecureClient secured -> {}
      case Effect.SecureLink secured -> {}
      case Effect.Again again -> {}
      case Effect.Wake wake -> wake(wake.at());
      case Effect.Refresh refresh ->
          proxy
              .accounts()
              .refresh(() -> client.eventLoop().execute(() -> step(new Input.Refreshed())));
    }
  }

  private void applyLate(Effect effect) {
    if (effect instanceof Effect.Park left) {
      servers.park(left);
    } else if (effect instanceof Effect.SecureClient) {
      SSLEngine engine = reception.tls().orElseThrow().createSSLEngine();
      engine.setUseClientMode(false);
      engine.setWantClientAuth(reception.settings().door().asks());
      client.pipeline().addFirst(new SslHandler(engine));
      client.pipeline().fireChannelRead(fromClient.take());
      client.pipeline().fireChannelReadComplete();
    } else if (effect instanceof Effect.SecureLink wanted) {
      ServerSide server = servers.find(wanted.number());
      if (server != null) {
        server.secure(wanted);
      }
    }
  }

  private static ByteBuf wrap(Packet packet) {
    return Unpooled.wrappedBuffer(packet.bytes());
  }

  /** Goes out with the next flush. */
  private void toClient(ByteBuf bytes) {
    written = true;
    client.write(bytes, client.voidPromise());
  }

  private void refused(Refusal why) {
    proxy.counters().refused(listener.name(), why);
  }

  private void wake(long at) {
    if (alarm != null) {
      alarm.cancel(false);
    }
    alarm =
        client
            .eventLoop()
            .schedule(
                () -> step(new Input.Tick()),
                Math.max(0, at - System.nanoTime()),
                TimeUnit.NANOSECONDS);
  }

  private void hangup(ByteBuf lastWord) {
    client.writeAndFlush(lastWord).addListener(ChannelFutureListener.CLOSE);
    client.eventLoop().schedule(() -> client.close(), LAST_WORD_MAX.toMillis(), MILLISECONDS);
  }

  void balance() {
    Session mine = session;
    if (mine == null) {
      return;
    }
    boolean room = mine.wantsClient() || fromClient.length() < AHEAD_MAX;
    ServerSide goesTo = servers.find(mine.link());
    ServerSide.read(client, room && (goesTo == null || goesTo.isWritable()));
    servers.read(client.isWritable());
  }

  static void failed(Throwable cause, Channel channel) {
    if (cause instanceof IOException || cause.getCause() instanceof IOException) {
      LOG.debug("{}", channel, cause);
    } else {
      LOG.warn("closing {}", channel, cause);
    }
    channel.close();
  }

  /** For the log. */
  @Override
  public String toString() {
    return Optional.ofNullable(client.remoteAddress()).map(Object::toString).orElse("a client");
  }
}
