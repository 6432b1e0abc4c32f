package dev.regent.proxy.net;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.session.Terms;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.PacketWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server that no session has. First its server is told to forget the one that had
 * it; when it has said three times that it has done so, the next one may have it.
 *
 * <p>COM_RESET_CONNECTION takes back the open transaction, frees locks, drops temporary tables and
 * user variables, closes prepared statements and sets variables as a fresh connection has them. It
 * forgets neither the role nor who the user is, and no change of user forgets the role either
 * (measured, MariaDB 10.11 and 11.4: the next user would have its privileges): so the role is laid
 * down by itself. The last question is whether a client that connects would be greeted by {@code
 * init_connect}: one that takes over is not, so then nobody may.
 */
// What is written or closed in vain ends in a channel that closes, and that is heard.
@SuppressWarnings("FutureReturnValueIgnored")
final class Parked extends ChannelInboundHandlerAdapter {
  private static final byte[] QUIT = command(Command.QUIT, "");
  private static final byte[][] FORGET = {
    command(Command.RESET_CONNECTION, ""),
    command(Command.QUERY, "SET ROLE NONE"),
    command(Command.QUERY, "SET session_track_schema=IF(@@global.init_connect='',1,NULL)")
  };

  private static final Duration FAREWELL = Duration.ofSeconds(1);

  /** Why one is not parked any more, and was not taken. */
  enum End {
    TIME,
    OLD,
    NO_ROOM,
    ROLE,
    LOST,
    /** Somebody wants to kill it. */
    KILL,
    /** The server ended it, or said something. */
    SERVER,
    NOT_CLEAN;

    String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * @param thread the server's number of it
   * @param since when it was connected
   */
  record Link(ServerId server, Terms terms, long thread, long since) {}

  private final Lot lot;
  private final Channel channel;
  private final Link link;
  private final boolean ofPrimary;
  private final Received received;
  private int answers;
  private boolean over;
  private @Nullable ScheduledFuture<?> alarm;

  Parked(Lot lot, Channel channel, Link link, boolean ofPrimary) {
    this.lot = lot;
    this.channel = channel;
    this.link = link;
    this.ofPrimary = ofPrimary;
    this.received = new Received(channel.alloc());
  }

  private static byte[] command(Command command, String text) {
    return new PacketWriter()
        .int1(command.code())
        .bytes(text.getBytes(StandardCharsets.US_ASCII))
        .packet(0);
  }

  ServerId server() {
    return link.server();
  }

  Terms terms() {
    return link.terms();
  }

  long thread() {
    return link.thread();
  }

  long since() {
    return link.since();
  }

  /** It was used for what only a primary is used for. */
  boolean ofPrimary() {
    return ofPrimary;
  }

  boolean isAlive() {
    return !over && channel.isActive();
  }

  /** All at once: the answers tell whether each of them was done. */
  void clean() {
    for (byte[] packet : FORGET) {
      channel.write(Unpooled.wrappedBuffer(packet));
    }
    channel.flush();
    ServerSide.read(channel, true);
    alarm(Parking.CLEANING_MAX, End.NOT_CLEAN);
  }

  /** Closes it after so long, unless it is taken. */
  void expire(Duration time) {
    alarm(time, End.TIME);
  }

  private void alarm(Duration time, End why) {
    stopAlarm();
    alarm = channel.eventLoop().schedule(() -> close(why), time.toMillis(), MILLISECONDS);
  }

  private void stopAlarm() {
    if (alarm != null) {
      alarm.cancel(false);
    }
  }

  /** From now on it is a session's. */
  Channel handOver(ChannelHandler next) {
    over = true;
    stopAlarm();
    received.clear();
    channel.pipeline().replace(this, null, next);
    return channel;
  }

  void close(End why) {
    if (end(why)) {
      // So that the server does not complain of a client that went without a word.
      channel.writeAndFlush(Unpooled.wrappedBuffer(QUIT)).addListener(ChannelFutureListener.CLOSE);
      // It may not take even that.
      channel.eventLoop().schedule(() -> channel.close(), FAREWELL.toMillis(), MILLISECONDS);
    }
  }

  private boolean end(End why) {
    if (over) {
      return false;
    }
    over = true;
    stopAlarm();
    received.clear();
    lot.count(link.server(), why);
    lot.gone(this, why);
    return true;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (over || answers == FORGET.length) {
      ((ByteBuf) message).release();
      // Nobody has asked: it says farewell.
      end(End.SERVER);
      channel.close();
      return;
    }
    received.add((ByteBuf) message);
    while (!over && received.length() > PacketWriter.HEADER && isWhole()) {
      answered();
    }
  }

  private int length() {
    return received.at(0) | received.at(1) << 8 | received.at(2) << 16;
  }

  private boolean isWhole() {
    return received.length() >= PacketWriter.HEADER + length();
  }

  private void answered() {
    boolean done = length() > 0 && received.at(PacketWriter.HEADER) == 0;
    received.used(PacketWriter.HEADER + length());
    answers++;
    if (!done || (answers == FORGET.length && received.length() > 0)) {
      close(End.NOT_CLEAN);
    } else if (answers == FORGET.length) {
      lot.cleaned(this);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(End.SERVER);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Connection.failed(cause, context.channel());
  }
}
