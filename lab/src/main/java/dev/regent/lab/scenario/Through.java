package dev.regent.lab.scenario;

import dev.regent.lab.arena.Load;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.load.Endpoint;
import dev.regent.lab.load.Proxied;
import dev.regent.lab.machine.Ports;
import java.util.List;

/** Which of the writers go through the manager's proxy. */
public enum Through {
  /** All but one, that shows whether the servers take writes at all. */
  YES,
  /** None; the manager has no proxy. */
  NO,
  /** Every second one. */
  MIXED;

  /** Inside a host of its own every port is free. */
  private static final int FIRST_PORT = 3307;

  /** Its two ports: everything to the primary, and reads to replicas. */
  List<Endpoint> ports(LabCluster cluster) {
    return this == NO
        ? List.of()
        : cluster
            .net()
            .map(net -> net.manager().address())
            .map(a -> List.of(new Endpoint(a, FIRST_PORT), new Endpoint(a, FIRST_PORT + 1)))
            .orElseGet(() -> List.of(reserved(cluster), reserved(cluster)));
  }

  private static Endpoint reserved(LabCluster cluster) {
    return new Endpoint("127.0.0.1", Ports.reserve(cluster.folder()));
  }

  static DaemonOptions listening(DaemonOptions options, List<Endpoint> ports) {
    DaemonOptions all = options;
    List<String> kinds = List.of("read_write_split", "primary");
    for (int i = 0; i < ports.size(); i++) {
      all =
          all.withListener(
              "port = " + ports.get(i).port(),
              "address = \"" + ports.get(i).host() + "\"",
              "kind = \"" + kinds.get(i) + "\"");
    }
    return all;
  }

  Load load(Load load, List<Endpoint> ports) {
    int proxied =
        switch (this) {
          case YES -> load.clients() - 1;
          case NO -> 0;
          case MIXED -> load.clients() / 2;
        };
    return load.with(new Proxied(proxied, ports));
  }
}
