package dev.regent.proxy.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.ResourceLeakDetector;
import java.time.Duration;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/** The ways to the kernel, the best first, and which of them this machine has. */
public enum Transport {
  IO_URING(IoUringServerSocketChannel.class, IoUringSocketChannel.class),
  EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class),
  NIO(NioServerSocketChannel.class, NioSocketChannel.class);

  /** Netty's own; whoever sets it wants to be told of buffers that nobody gave back. */
  private static final String LEAKS = "io.netty.leakDetection.level";

  private static final int KEEPALIVE_SECONDS = 5;
  private static final int KEEPALIVE_PROBES = 5;

  private final Class<? extends ServerSocketChannel> listening;
  private final Class<? extends SocketChannel> connecting;

  Transport(
      Class<? extends ServerSocketChannel> listening, Class<? extends SocketChannel> connecting) {
    this.listening = listening;
    this.connecting = connecting;
  }

  /** The first that works here. */
  public static Transport best() {
    for (Transport transport : values()) {
      if (transport.isAvailable()) {
        return transport;
      }
    }
    return NIO;
  }

  public boolean isAvailable() {
    return switch (this) {
      case IO_URING -> IoUring.isAvailable();
      case EPOLL -> Epoll.isAvailable();
      case NIO -> true;
    };
  }

  Class<? extends ServerSocketChannel> listening() {
    return listening;
  }

  /**
   * So that a server that lost its power is missed soon: back again, it does not know the
   * connection, and says so to whoever asks. Without it a statement that such a server had taken
   * waits for two hours if the role did not move meanwhile. What is silent for half a minute is
   * given up.
   */
  Map<ChannelOption<?>, Integer> keepAlive() {
    return switch (this) {
      case IO_URING ->
          Map.of(
              IoUringChannelOption.TCP_KEEPIDLE, KEEPALIVE_SECONDS,
              IoUringChannelOption.TCP_KEEPINTVL, KEEPALIVE_SECONDS,
              IoUringChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
      case EPOLL ->
          Map.of(
              EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_SECONDS,
              EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_SECONDS,
              EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
      case NIO ->
          Map.of(
              NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), KEEPALIVE_SECONDS,
              NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), KEEPALIVE_SECONDS,
              NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), KEEPALIVE_PROBES);
    };
  }

  /** What connects to servers, but for the loop and the handler. */
  @SuppressWarnings("unchecked") // All that keep a connection alive are numbers.
  Bootstrap connector(Duration limit) {
    Bootstrap bootstrap =
        new Bootstrap()
            .channel(connecting)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) limit.toMillis());
    // One by one, since their types are lost in a map.
    keepAlive()
        .forEach((option, value) -> bootstrap.option((ChannelOption<Integer>) option, value));
    return bootstrap;
  }

  Loops loops(int count) {
    if (System.getProperty(LEAKS) == null) {
      // Netty follows one buffer in a hundred for the sake of its users' tests, at a price.
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
    IoHandlerFactory factory =
        switch (this) {
          case IO_URING -> IoUringIoHandler.newFactory();
          case EPOLL -> EpollIoHandler.newFactory();
          case NIO -> NioIoHandler.newFactory();
        };
    return new Loops(count, factory);
  }
}
