package dev.regent.lab.net;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Packet loss and bandwidth at the router's ports, by {@code tc}.
 *
 * <p>Loss is a classic BPF program of eight instructions that asks the kernel for a random number:
 * netem would do it too, but is missing from small kernels. For delay there is nothing in a kernel
 * without netem: {@code fault.TcpRelay} does that.
 */
final class Shaping {
  /** From linux/pkt_cls.h: drop it; or: no opinion, ask the next filter. */
  private static final long DROP = 2;

  private static final long NEXT = 0xFFFF_FFFFL;

  /** From linux/filter.h: loading from here yields a random number (SKF_AD_OFF + SKF_AD_RANDOM). */
  private static final long RANDOM = 0xFFFF_F000L + 56;

  private final Router router;

  /** Hosts whose port has the queue or the hook already. */
  private final Set<Host> hooked = new HashSet<>();

  private final Set<Host> queued = new HashSet<>();
  private final Set<Way> losing = new HashSet<>();
  private final Set<Way> limited = new HashSet<>();

  Shaping(Router router) {
    this.router = router;
  }

  /** Loses this share of the packets, from 0 to 1, each by chance. */
  void lose(Way way, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share is " + share);
    }
    List<String> lines = new ArrayList<>();
    if (hooked.add(way.from())) {
      lines.add("qdisc add dev %s clsact".formatted(way.from().name()));
    }
    if (!losing.add(way)) {
      lines.add(noLoss(way));
    }
    lines.add(
        "filter add dev %s ingress pref %d protocol ip bpf da bytecode \"%s\""
            .formatted(way.from().name(), way.to().number(), program(way.to(), share)));
    router.tc(lines);
  }

  private static String noLoss(Way way) {
    return "filter del dev %s ingress pref %d".formatted(way.from().name(), way.to().number());
  }

  /** If it is IPv4 and goes to this host and chance wants it, drop it. */
  private static String program(Host to, double share) {
    long threshold = Math.min((long) (share * 0x1_0000_0000L), 0xFFFF_FFFFL);
    long address = 0;
    for (String part : to.address().split("\\.", -1)) {
      address = address << 8 | Long.parseLong(part);
    }
    // Number of instructions, then of each: code, jump if true, jump if not, operand.
    return "8,"
        + ("40 0 0 12," + "21 0 5 2048,") // the Ethernet frame's type is IPv4
        + ("32 0 0 30," + "21 0 3 " + address + ",") // the destination
        + ("32 0 0 " + RANDOM + "," + "53 1 0 " + threshold + ",")
        + ("6 0 0 " + DROP + "," + "6 0 0 " + NEXT);
  }

  /** Lets no more than this through; what comes faster waits in a queue and is lost beyond it. */
  void limit(Way way, long bitsPerSecond) {
    if (bitsPerSecond < 8_000) {
      throw new IllegalArgumentException(
          "bitsPerSecond is %d, under 8000".formatted(bitsPerSecond));
    }
    String port = way.to().name();
    List<String> lines = new ArrayList<>();
    if (queued.add(way.to())) {
      // Without a default class the others pass by the queue.
      lines.add("qdisc add dev %s root handle 1: htb".formatted(port));
    }
    lines.add(
        "class replace dev %s parent 1: classid %s htb rate %dbit burst 4k"
            .formatted(port, classOf(way), bitsPerSecond));
    if (limited.add(way)) {
      lines.add(
          "filter add dev %s parent 1: pref %d protocol ip u32 match ip src %s/32 flowid %s"
              .formatted(port, way.from().number(), way.from().address(), classOf(way)));
    }
    router.tc(lines);
  }

  private static String classOf(Way way) {
    return String.format(Locale.ROOT, "1:%x", way.from().number());
  }

  /** Takes back what there is on this way. */
  void heal(Way way) {
    List<String> lines = new ArrayList<>();
    if (losing.remove(way)) {
      lines.add(noLoss(way));
    }
    if (limited.remove(way)) {
      String port = way.to().name();
      lines.add("filter del dev %s parent 1: pref %d".formatted(port, way.from().number()));
      lines.add("class del dev %s classid %s".formatted(port, classOf(way)));
    }
    router.tc(lines);
  }
}
