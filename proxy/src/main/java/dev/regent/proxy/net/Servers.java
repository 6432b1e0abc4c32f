package dev.regent.proxy.net;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where the servers are. */
public final class Servers {
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:]+:[0-9a-fA-F:.]*");

  private final Map<ServerId, Endpoint> addresses;
  private final Map<ServerId, InetSocketAddress> literals = new LinkedHashMap<>();
  private final Optional<ServerTls> tls;

  /**
   * @param tls on connections to them; every door of a listener says the same
   */
  public Servers(Map<ServerId, Endpoint> addresses, Optional<ServerTls> tls) {
    this.addresses = Collections.unmodifiableMap(new LinkedHashMap<>(addresses));
    this.tls = tls;
    addresses.forEach((server, address) -> {
      if (LITERAL.matcher(address.host()).matches()) {
        literals.put(server, new InetSocketAddress(address.host(), address.port()));
      }
    });
  }

  public Optional<ServerTls> tls() {
    return tls;
  }

  /** Where nobody needs to be asked what a name means. */
  Optional<InetSocketAddress> literal(ServerId server) {
    return Optional.ofNullable(literals.get(server));
  }

  Endpoint address(ServerId server) {
    Endpoint address = addresses.get(server);
    if (address == null) {
      throw new IllegalStateException("no server " + server);
    }
    return address;
  }
}
