package dev.regent.proxy.net;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the servers are.
 *
 * @param tls on connections to them; every door of a listener says the same
 */
public record Servers(Map<ServerId, Endpoint> addresses, Optional<ServerTls> tls) {
  public Servers {
    addresses = Collections.unmodifiableMap(new LinkedHashMap<>(addresses));
  }

  Endpoint address(ServerId server) {
    Endpoint address = addresses.get(server);
    if (address == null) {
      throw new IllegalStateException("no server " + server);
    }
    return address;
  }
}
