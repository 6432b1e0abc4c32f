package dev.regent.lab.net;

import dev.regent.lab.machine.Tools;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The one machine in the middle: a namespace that forwards between all hosts, and where
 * disturbances are made, so that a host notices nothing but their effect.
 *
 * <h2>Why a router and not a bridge</h2>
 *
 * With rules of routing alone ({@code ip rule}, part of iproute2 as of Linux 2.2) a router can
 * forward, lose, reject and refuse, for each pair of hosts and each direction; a bridge needs
 * nftables or eBPF for that. Its lookups, in order:
 *
 * <ol>
 *   <li>{@link #CUTS}: from A to B lost, rejected, or answered by the router itself;
 *   <li>{@link #DIVERSIONS}: connections from A to a port of B taken by a listener of ours;
 *   <li>{@link #FORWARD}: to B through B's port, by a table of our own;
 *   <li>{@link #NOBODY}: another address of the block is unreachable, also while its port is down;
 *   <li>{@link #LOCAL}: the router's own address, which is the hosts' gateway.
 * </ol>
 *
 * <h2>How it answers for others</h2>
 *
 * The router has the address of every host as one of its own. Linux looks into the table of local
 * addresses first; here it does so last, so these addresses sleep until a rule for a pair leads to
 * that table. Then a packet ends at the router: nobody listens, so a TCP segment is answered with a
 * reset, in B's name; or one of our sockets listens at B's address and takes the connection.
 */
final class Router {
  /** Outside the hosts' block, so that "nobody" does not mean the router. */
  static final String GATEWAY = "198.18.255.254";

  static final int CUTS = 100;
  static final int DIVERSIONS = 200;
  static final int FORWARD = 500;
  static final int NOBODY = 600;
  static final int LOCAL = 1000;

  private static final int TABLE = 100;
  private static final String NAME = "router";
  private static final int BACKLOG = 128;

  /**
   * What a router needs: to forward; to believe senders whose addresses it has too; to tell of
   * every rejected packet at once instead of one per second.
   */
  private static final String SETTINGS =
      """
      cd /proc/sys/net/ipv4
      echo 0 > conf/all/rp_filter
      echo 0 > conf/default/rp_filter
      echo 1 > conf/all/accept_local
      echo 0 > conf/all/send_redirects
      echo 0 > conf/default/send_redirects
      echo 0 > icmp_ratelimit
      echo 1 > ip_forward
      """;

  private final String namespace;

  Router(String lab) {
    this.namespace = Namespaces.name(lab, NAME);
  }

  /** Makes it; it has no ports yet. */
  void create() {
    Tools.run(List.of("ip", "netns", "add", namespace));
    Tools.run(List.of("nsenter", "--net=" + file(), "/bin/sh", "-e"), SETTINGS);
    ip(
        List.of(
            "link set dev lo up",
            "addr add %s/32 dev lo".formatted(GATEWAY),
            "rule add pref %d lookup %d".formatted(FORWARD, TABLE),
            "rule add pref %d to %s0/24 unreachable".formatted(NOBODY, Host.BLOCK),
            "rule add pref %d lookup local".formatted(LOCAL),
            "rule del pref 0"));
  }

  /** Makes a host and joins it. */
  void join(Host host) {
    Tools.run(List.of("ip", "netns", "add", host.namespace()));
    String name = host.name();
    ip(
        List.of(
            "link add name %s type veth peer name eth0 netns %s".formatted(name, host.namespace()),
            "link set dev %s up".formatted(name),
            "addr add %s/32 dev lo".formatted(host.address()),
            "route add %s/32 dev %s src %s table %d"
                .formatted(host.address(), name, GATEWAY, TABLE)));
    List<String> there = new ArrayList<>();
    there.add("link set dev lo up");
    there.add("addr add %s/32 dev eth0".formatted(host.address()));
    there.addAll(plug());
    Tools.batch("ip", host.namespace(), there);
  }

  /** What a host says to get its line to work, the first time and again. */
  static List<String> plug() {
    return List.of(
        "link set dev eth0 up", "route replace default via %s dev eth0 onlink".formatted(GATEWAY));
  }

  void ip(List<String> lines) {
    Tools.batch("ip", namespace, lines);
  }

  void tc(List<String> lines) {
    Tools.batch("tc", namespace, lines);
  }

  /** Takes connections that lead to this address as if it were the host that has it. */
  ServerSocket listen(Host as, int port) throws IOException {
    return Sockets.listener(file(), new InetSocketAddress(as.address(), port), BACKLOG);
  }

  /** A socket, not connected, that comes from the gateway's address. */
  Socket socket() throws IOException {
    return Sockets.socket(file());
  }

  private Path file() {
    return Namespaces.FOLDER.resolve(namespace);
  }
}
