package dev.regent.proxy.net;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the servers are.
 *
 * @param tls on connections to them; every door of a listener says the same
 */
public record Servers(Map<ServerId, Endpoint> addresses, Optional<ServerTls> tls) {
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:]+:[0-9a-fA-F:.]*");

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

  /** Where nobody needs to be asked what a name means. */
  Optional<InetSocketAddress> literal(ServerId server) {
    Endpoint address = address(server);
    return LITERAL.matcher(address.host()).matches()
        ? Optional.of(new InetSocketAddress(address.host(), address.port()))
        : Optional.empty();
  }
}
