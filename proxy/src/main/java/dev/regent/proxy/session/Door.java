package dev.regent.proxy.session;

/**
 * What a listener asks of who comes in, and what servers are asked for.
 *
 * @param toClients TLS with clients
 * @param toServers TLS with servers, always
 */
public record Door(Encryption toClients, boolean toServers) {
  public static final Door PLAIN = new Door(Encryption.NONE, false);

  public enum Encryption {
    NONE,
    OFFERED,
    /** Who does not want it does not come in. */
    REQUIRED
  }
}
