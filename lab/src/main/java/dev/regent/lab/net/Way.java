package dev.regent.lab.net;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** One direction between two hosts: what {@code from} sends and {@code to} is to receive. */
public record Way(Host from, Host to) {
  public Way {
    if (from.equals(to)) {
      throw new IllegalArgumentException("a host's way to itself is not on the network: " + from);
    }
  }

  public Way back() {
    return new Way(to, from);
  }

  /** From one host to the others. */
  public static List<Way> from(Host host, Collection<Host> others) {
    return others.stream().filter(o -> !o.equals(host)).map(o -> new Way(host, o)).toList();
  }

  /** From the others to one host. */
  public static List<Way> to(Host host, Collection<Host> others) {
    return from(host, others).stream().map(Way::back).toList();
  }

  /** Both directions between one host and the others. */
  public static List<Way> between(Host host, Collection<Host> others) {
    List<Way> ways = new ArrayList<>(from(host, others));
    ways.addAll(to(host, others));
    return ways;
  }

  public static List<Way> between(Host one, Host other) {
    return between(one, List.of(other));
  }

  @Override
  public String toString() {
    return from + " -> " + to;
  }
}
