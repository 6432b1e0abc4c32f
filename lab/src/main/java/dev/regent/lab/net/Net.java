package dev.regent.lab.net;

import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.Tools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The network of one lab, and what can go wrong on it. It is well at the beginning.
 *
 * <p>Disturbances are given by {@link Way}, one direction between two hosts each; {@link
 * Way#between} makes symmetric ones. A way has one cut at a time ({@link #drop}, {@link #reject},
 * {@link #refuse}; the newest counts), and loss and a limit besides. {@link #heal} is the opposite
 * of them all. As with a server's faults each verb returns {@link System#nanoTime} as read just
 * before it took effect.
 *
 * <p>Delay is not here: {@code fault.TcpRelay} stands in the way for that, by {@link #divert}.
 */
public final class Net implements AutoCloseable {
  /** A kernel that cannot end connections does not learn it. */
  private static final int RESETS_MAX = 5;

  /** The host that Regent's daemon runs on. */
  public static final String MANAGER = "manager";

  /** The host that applications run on. */
  public static final String CLIENTS = "clients";

  /** What the router does with packets; the words are those of {@code ip rule}. */
  private enum Cut {
    DROP("blackhole"),
    REJECT("prohibit"),
    REFUSE("lookup local");

    private final String action;

    Cut(String action) {
      this.action = action;
    }

    private String rule(Way way) {
      return "pref %d from %s to %s %s"
          .formatted(Router.CUTS, way.from().address(), way.to().address(), action);
    }
  }

  private final String lab;
  private final Router router;
  private final Shaping shaping;
  private final Map<String, Host> hosts = new LinkedHashMap<>();

  /** Guarded by this, like all that changes. */
  private final Map<Way, Cut> cuts = new LinkedHashMap<>();

  private final Set<Host> unplugged = new LinkedHashSet<>();

  private Net(String lab) {
    this.lab = lab;
    this.router = new Router(lab);
    this.shaping = new Shaping(router);
  }

  /**
   * Makes a network; {@link #close} removes it.
   *
   * @param lab the name of the lab's folder: unique, and known to whoever cleans up after us
   * @param names of the hosts
   */
  public static Net create(String lab, List<String> names) {
    Optional<String> missing = Namespaces.missing();
    if (missing.isPresent()) {
      throw new LabException("Cannot make a network for the lab: " + missing.get());
    }
    Net net = new Net(lab);
    try {
      net.router.create();
      for (String name : names) {
        Host host = new Host(name, Namespaces.name(lab, name), net.hosts.size() + 1);
        net.router.join(host);
        net.hosts.put(name, host);
      }
      return net;
    } catch (LabException e) {
      net.close();
      throw e;
    }
  }

  public List<Host> hosts() {
    return List.copyOf(hosts.values());
  }

  public Host host(String name) {
    return Optional.ofNullable(hosts.get(name))
        .orElseThrow(() ->
            new LabException("No host \"%s\" in %s: %s".formatted(name, lab, hosts.keySet())));
  }

  public Host manager() {
    return host(MANAGER);
  }

  public Host clients() {
    return host(CLIENTS);
  }

  /** Packets disappear. Nobody is told; connections wait, new ones time out. */
  public long drop(Collection<Way> ways) {
    return cut(ways, Cut.DROP);
  }

  /**
   * Packets are answered with ICMP "prohibited", as by a firewall: new connections fail at once (no
   * route to host), existing ones wait.
   */
  public long reject(Collection<Way> ways) {
    return cut(ways, Cut.REJECT);
  }

  /**
   * TCP segments are answered with a reset, as by a host on which nobody listens: new connections
   * are refused, existing ones are reset when {@code from} sends something next, and stall until
   * then. See {@link #reset} for those that are idle.
   */
  public long refuse(Collection<Way> ways) {
    return cut(ways, Cut.REFUSE);
  }

  private synchronized long cut(Collection<Way> ways, Cut cut) {
    List<String> lines = new ArrayList<>();
    for (Way way : ways) {
      lines.addAll(uncut(way));
      cuts.put(way, cut);
      lines.add("rule add " + cut.rule(way));
    }
    long moment = System.nanoTime();
    router.ip(lines);
    return moment;
  }

  private List<String> uncut(Way way) {
    return Optional.ofNullable(cuts.remove(way))
        .map(cut -> List.of("rule del " + cut.rule(way)))
        .orElse(List.of());
  }

  /** Each packet is lost with this probability, from 0 to 1. */
  public synchronized long lose(Collection<Way> ways, double share) {
    long moment = System.nanoTime();
    ways.forEach(way -> shaping.lose(way, share));
    return moment;
  }

  /** What is sent faster than this queues up. */
  public synchronized long limit(Collection<Way> ways, long bitsPerSecond) {
    long moment = System.nanoTime();
    ways.forEach(way -> shaping.limit(way, bitsPerSecond));
    return moment;
  }

  /** Nothing goes between this host and those others, or, if none is named, anybody. */
  public long isolate(Host host, Host... others) {
    return drop(waysOf(host, others));
  }

  /** The opposite of {@link #isolate}, and of every other disturbance on these ways. */
  public long rejoin(Host host, Host... others) {
    return heal(waysOf(host, others));
  }

  private List<Way> waysOf(Host host, Host... others) {
    return Way.between(host, others.length == 0 ? hosts() : Arrays.asList(others));
  }

  /**
   * Ends the connections there are now, in either direction; new ones are not affected. {@code
   * from} is told by a reset, and so is {@code to}, by its own kernel.
   */
  public synchronized long reset(Collection<Way> ways) {
    long moment = System.nanoTime();
    ways.forEach(Net::reset);
    return moment;
  }

  private static void reset(Way way) {
    // Between two looks one may have ended by itself, and another one begun.
    for (int i = 0; i < RESETS_MAX; i++) {
      if (connections(way, "") == 0 || connections(way, "-K") > 0) {
        return;
      }
    }
    if (connections(way, "") > 0) {
      throw new LabException(
          "Cannot reset %s: this kernel does not end connections for \"ss -K\" (it needs"
                  .formatted(way)
              + " CONFIG_INET_DIAG_DESTROY). Use refuse instead.");
    }
  }

  /** Those that the other host has with this one; with "-K" those that it had to give up. */
  private static long connections(Way way, String option) {
    List<String> command = new ArrayList<>(way.to().enter());
    command.addAll(List.of(Tools.path("ss"), "-tnH"));
    command.addAll(option.isEmpty() ? List.of() : List.of(option));
    command.addAll(List.of("state", "established", "dst", way.from().address()));
    // Each line begins with the lengths of two queues; the kernel may complain between them.
    return Tools.run(command).lines().filter(line -> line.matches("\\d+ .*")).count();
  }

  /** Pulls the host's cable out: it has no network at all, and after 3 s others are told so. */
  public synchronized long unplug(Host host) {
    unplugged.add(host);
    long moment = System.nanoTime();
    Tools.batch("ip", host.namespace(), List.of("link set dev eth0 down"));
    return moment;
  }

  /** The opposite of {@link #unplug}. */
  public synchronized long plug(Host host) {
    unplugged.remove(host);
    long moment = System.nanoTime();
    Tools.batch("ip", host.namespace(), Router.plug());
    return moment;
  }

  /** Takes back every disturbance of these ways, but for diversions. */
  public synchronized long heal(Collection<Way> ways) {
    List<String> lines = new ArrayList<>();
    ways.forEach(way -> lines.addAll(uncut(way)));
    long moment = System.nanoTime();
    router.ip(lines);
    ways.forEach(shaping::heal);
    return moment;
  }

  /** Takes back everything, but for diversions. */
  public synchronized long heal() {
    List<Way> all = new ArrayList<>();
    hosts().forEach(host -> all.addAll(Way.from(host, hosts())));
    long moment = heal(all);
    List.copyOf(unplugged).forEach(this::plug);
    return moment;
  }

  /**
   * Lets connections on these ways to this port end at a listener of ours, who finds himself at the
   * address of the host they were meant for. Connections that exist are reset with their next
   * packet.
   *
   * @param ways all to one host, which has no other diversion of this port
   */
  public synchronized Diversion divert(Collection<Way> ways, int port) {
    List<Host> targets = ways.stream().map(Way::to).distinct().toList();
    if (targets.size() != 1) {
      throw new IllegalArgumentException("ways to one host can be diverted, not " + ways);
    }
    try {
      return Diversion.start(router, List.copyOf(ways), targets.getFirst(), port);
    } catch (IOException e) {
      throw new LabException(
          "Cannot divert %s, port %d: %s".formatted(ways, port, e.getMessage()), e);
    }
  }

  /** Kills whatever runs on a host, and removes all namespaces. */
  @Override
  public void close() {
    Namespaces.remove(lab);
  }
}
