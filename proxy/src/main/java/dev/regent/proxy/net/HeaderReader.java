package dev.regent.proxy.net;

import dev.regent.proxy.net.ProxyHeader.Heard;
import dev.regent.proxy.seen.Refusal;
import dev.regent.proxy.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads where a client comes from, if it is brought by a proxy that is believed, before anybody
 * else sees the connection; from such a proxy nothing else comes first. Nothing is answered when it
 * does: it is not known in whose words.
 */
// What is closed in vain ends in a channel that closes, and that is heard.
@SuppressWarnings("FutureReturnValueIgnored")
final class HeaderReader extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(HeaderReader.class);
  private static final AttributeKey<InetSocketAddress> ORIGIN =
      AttributeKey.valueOf("dev.regent.proxy.origin");

  /** A proxy that does not say whom it brings is cut. */
  private static final Duration HEADER_MAX = Duration.ofSeconds(10);

  private final Networks believed;
  private final Consumer<Refusal> refusals;
  private final Received received;
  private boolean awaited;

  HeaderReader(Channel client, Networks believed, Consumer<Refusal> refusals) {
    this.believed = believed;
    this.refusals = refusals;
    this.received = new Received(client.alloc());
  }

  /** Where the client comes from, as far as we were told; a connection's own end else. */
  static InetSocketAddress origin(Channel client) {
    InetSocketAddress told = client.attr(ORIGIN).get();
    return told == null ? (InetSocketAddress) client.remoteAddress() : told;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (!believed.has(origin(context.channel()).getAddress())) {
      context.pipeline().remove(this);
      context.fireChannelActive();
      return;
    }
    awaited = true;
    context.channel().config().setAutoRead(true);
    context
        .channel()
        .eventLoop()
        .schedule(
            () -> {
              if (awaited) {
                refuse(context, "no PROXY header for " + HEADER_MAX.toSeconds() + " s");
              }
            },
            HEADER_MAX.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!awaited) {
      ((ByteBuf) message).release();
      return;
    }
    received.add((ByteBuf) message);
    try {
      Optional<Heard> heard = ProxyHeader.read(received);
      if (heard.isPresent()) {
        goOn(context, heard.get());
      }
    } catch (MalformedPacketException e) {
      refuse(context, String.valueOf(e.getMessage()));
    }
  }

  private void goOn(ChannelHandlerContext context, Heard heard) {
    awaited = false;
    heard.client().ifPresent(client -> context.channel().attr(ORIGIN).set(client));
    received.used(heard.length());
    context.channel().config().setAutoRead(false);
    // Nothing is read any more before the greeting: what is here already comes after it.
    context.fireChannelActive();
    if (received.length() > 0) {
      context.fireChannelRead(received.take());
    }
    context.pipeline().remove(this);
  }

  private void refuse(ChannelHandlerContext context, String because) {
    awaited = false;
    refusals.accept(Refusal.HEADER);
    LOG.debug("closing {}: {}", context.channel(), because);
    context.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    received.clear();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (awaited) {
      awaited = false;
      received.clear();
    }
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Connection.failed(cause, context.channel());
  }
}
