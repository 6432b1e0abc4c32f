package dev.regent.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the ways to the kernel have in common. */
class TransportTest {
  @ParameterizedTest
  @EnumSource
  void asksASilentServerWhetherItIsStillThere(Transport transport) throws Exception {
    Assumptions.assumeTrue(transport.isAvailable(), transport + " is not available here");
    EventLoopGroup loops = transport.loops(1).group();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Channel channel =
          transport
              .connector(Duration.ofSeconds(2))
              .group(loops)
              .handler(new ChannelInboundHandlerAdapter())
              .connect(server.getLocalSocketAddress())
              .sync()
              .channel();
      assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
      transport
          .keepAlive()
          .forEach((option, value) ->
              assertThat(channel.config().getOption(option)).as("%s", option).isEqualTo(value));
      channel.close().sync();
    } finally {
      loops.shutdownGracefully().sync();
    }
  }
}
