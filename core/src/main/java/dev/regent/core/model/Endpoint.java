package dev.regent.core.model;

/**
 * A host name or address and a TCP port, compared as text: names are never resolved in the core.
 */
public record Endpoint(String host, int port) {
  public Endpoint {
    Check.argument(!host.isBlank(), "host is blank");
    Check.argument(port > 0 && port < 65536, "port " + port + " is outside 1..65535");
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
