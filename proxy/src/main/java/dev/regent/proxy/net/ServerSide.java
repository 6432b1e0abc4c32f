package dev.regent.proxy.net;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.session.Effect;
import dev.regent.proxy.session.Input;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One of a session's servers: known from the wish for it to the end of its connection. */
// What is written or closed in vain ends in a channel that closes, and that is heard.
@SuppressWarnings("FutureReturnValueIgnored")
final class ServerSide extends ChannelInboundHandlerAdapter {
  /** Exceptions in exceptions. */
  private static final int CAUSES_MAX = 10;

  private final Connection owner;
  private final int number;
  private final ServerId id;
  private final Received received;
  private final Endpoint address;
  private long since = System.nanoTime();
  private Optional<ServerTls.Handshake> handshake = Optional.empty();

  /** Null until it is connected. */
  private @Nullable Channel channel;

  /** It was written something that was not flushed. */
  private boolean written;

  ServerSide(Connection owner, Effect.Link wanted, Endpoint address) {
    this.owner = owner;
    this.received = new Received(owner.client().alloc());
    this.number = wanted.number();
    this.id = wanted.server();
    this.address = address;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof Effect.SecureLink) {
      ServerTls.Handshake mine = owner.proxy().servers().tls().orElseThrow().handshake(address);
      handshake = Optional.of(mine);
      context.pipeline().addFirst(new SslHandler(mine.engine()));
    } else if (event instanceof SslHandshakeCompletionEvent done && owner.has(this)) {
      if (done.isSuccess()) {
        owner.step(new Input.LinkSecured(number, handshake.orElseThrow().wanted()));
      } else if (done.cause() instanceof SSLException) {
        owner.step(new Input.LinkInsecure(number, address + ": " + words(done.cause())));
      }
    }
  }

  /** The innermost one tells which certificate, and why. */
  private static String words(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; i < CAUSES_MAX && cause.getCause() != null; i++) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  boolean isWritable() {
    return channel == null || channel.isWritable();
  }

  void flush() {
    if (channel != null && written) {
      written = false;
      channel.flush();
    }
  }

  void read(boolean wanted) {
    if (channel != null) {
      read(channel, wanted);
    }
  }

  /** After every step: so it costs nothing where nothing changes. */
  static void read(Channel channel, boolean wanted) {
    if (channel.config().isAutoRead() != wanted) {
      channel.config().setAutoRead(wanted);
    }
  }

  int number() {
    return number;
  }

  Received received() {
    return received;
  }

  /** Goes out with the next flush; for nobody if there is no connection. */
  void write(ByteBuf bytes) {
    if (channel == null) {
      bytes.release();
    } else {
      written = true;
      channel.write(bytes, channel.voidPromise());
    }
  }

  /** What was written goes out, and the handshake begins. */
  void secure(Effect.SecureLink wanted) {
    if (channel != null) {
      channel.flush();
      channel.pipeline().fireUserEventTriggered(wanted);
    }
  }

  /** The connection is one that another session has left. */
  void takes(Parked parked) {
    since = parked.since();
    channel = parked.handOver(this);
  }

  /** It is not wanted any more, but others may want it. */
  void park(Effect.Park left, Lot lot) {
    Channel mine = channel;
    if (mine == null || received.length() > 0) {
      leave();
    } else {
      lot.park(this, mine, new Parked.Link(id, left.terms(), left.thread(), since));
    }
  }

  /** It went by itself. */
  void lost() {
    if (owner.forget(this)) {
      received.clear();
      // Before its session hears of it: others may be spared the same.
      owner.proxy().lost(id);
      owner.step(new Input.Unlinked(number));
    }
  }

  /** It is not wanted any more. */
  void leave() {
    received.clear();
    if (channel != null) {
      channel.flush();
      channel.close();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (owner.has(this)) {
      channel = context.channel();
      if (owner.listener().reception().announces()) {
        byte[] header =
            ProxyHeader.of(
                HeaderReader.origin(owner.client()),
                (InetSocketAddress) owner.client().localAddress());
        context.writeAndFlush(Unpooled.wrappedBuffer(header));
      }
      owner.balance();
    } else {
      context.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (owner.has(this)) {
      received.add((ByteBuf) message);
      owner.step(new Input.FromServer(number, received));
    } else {
      ((ByteBuf) message).release();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    owner.balance();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    lost();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Connection.failed(cause, context.channel());
  }
}
