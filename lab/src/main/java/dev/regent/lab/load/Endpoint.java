package dev.regent.lab.load;

/** Where a server, or a proxy, answers. */
public record Endpoint(String host, int port) {
  /** Reads "host:port". */
  public static Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("\"" + text + "\" is not host:port");
    }
    try {
      return new Endpoint(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not host:port", e);
    }
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
