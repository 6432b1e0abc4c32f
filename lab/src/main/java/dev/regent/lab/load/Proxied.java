package dev.regent.lab.load;

import dev.regent.core.model.Check;
import java.util.List;

/**
 * Clients of a ledger that know nothing but a proxy, by turns this or that port of it.
 *
 * @param clients how many; the last ones
 */
public record Proxied(int clients, List<Endpoint> ports) {
  public static final Proxied NONE = new Proxied(0, List.of());

  public Proxied {
    Check.that(clients >= 0 && (clients == 0 || !ports.isEmpty()), "no port for " + clients);
    ports = List.copyOf(ports);
  }

  /** The port of one of them. */
  Endpoint port(int index) {
    return ports.get(index % ports.size());
  }
}
