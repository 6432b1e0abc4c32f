package dev.regent.lab.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/** Connections that end at the router instead of at the host they were meant for. */
public final class Diversion implements AutoCloseable {
  private final Router router;
  private final List<Way> ways;
  private final InetSocketAddress target;
  private final ServerSocket listener;

  private Diversion(
      Router router, List<Way> ways, InetSocketAddress target, ServerSocket listener) {
    this.router = router;
    this.ways = ways;
    this.target = target;
    this.listener = listener;
  }

  static Diversion start(Router router, List<Way> ways, Host host, int port) throws IOException {
    InetSocketAddress target = new InetSocketAddress(host.address(), port);
    Diversion diversion = new Diversion(router, ways, target, router.listen(host, port));
    router.ip(diversion.rules("add"));
    return diversion;
  }

  private List<String> rules(String verb) {
    return ways.stream().map(way -> rule(verb, way)).toList();
  }

  private String rule(String verb, Way way) {
    return "rule %s pref %d from %s to %s ipproto tcp dport %d lookup local"
        .formatted(
            verb, Router.DIVERSIONS, way.from().address(), way.to().address(), target.getPort());
  }

  /** Accepts the diverted connections. */
  public ServerSocket listener() {
    return listener;
  }

  /** Where they were meant to go. */
  public InetSocketAddress target() {
    return target;
  }

  /** A socket for the rest of the way; its user connects it to {@link #target}. */
  public Socket socket() throws IOException {
    return router.socket();
  }

  /** From now on connections go straight; the listener is closed. Once is enough. */
  @Override
  public synchronized void close() throws IOException {
    if (!listener.isClosed()) {
      listener.close();
      router.ip(rules("del"));
    }
  }
}
