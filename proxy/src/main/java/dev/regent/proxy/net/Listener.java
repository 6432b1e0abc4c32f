package dev.regent.proxy.net;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** A port, and whether it takes clients at present. */
final class Listener {
  private final Reception reception;
  private final Parking parking;
  private volatile InetSocketAddress address = new InetSocketAddress(0);

  /** Guarded by this; empty while it takes nobody. */
  private Optional<Channel> channel = Optional.empty();

  private volatile boolean draining;

  Listener(Reception reception, Parking parking) {
    this.reception = reception;
    this.parking = parking;
  }

  /** How a port is taken. */
  interface Binding {
    Channel bind(InetSocketAddress address) throws IOException;
  }

  InetSocketAddress address() {
    return address;
  }

  Reception reception() {
    return reception;
  }

  Parking parking() {
    return parking;
  }

  /** {@code 127.0.0.1:3307}, as operators write it. */
  String name() {
    InetSocketAddress bound = address;
    return bound.getAddress().getHostAddress() + ":" + bound.getPort();
  }

  /** Whether those who are in shall leave, and nobody comes in. */
  boolean draining() {
    return draining;
  }

  /** Takes nobody any more; false if that is so already. */
  synchronized boolean close() {
    draining = true;
    boolean open = channel.isPresent();
    channel.ifPresent(c -> c.close().awaitUninterruptibly());
    channel = Optional.empty();
    return open;
  }

  /**
   * Takes clients from now on; false if it does already.
   *
   * @throws IOException the port cannot be had
   */
  synchronized boolean open(Binding binding, InetSocketAddress at) throws IOException {
    if (channel.isPresent()) {
      return false;
    }
    draining = false;
    Channel bound = binding.bind(at);
    address = (InetSocketAddress) bound.localAddress();
    channel = Optional.of(bound);
    return true;
  }
}
