package dev.regent.proxy.session;

/**
 * What a listener asks of who comes in, and what servers are asked for.
 *
 * @param toClients TLS with clients
 * @param toServers TLS with servers, always
 * @param believed what servers show is checked: they may be told passwords
 * @param asks clients are asked for a certificate
 * @param certified servers are shown one of our own
 */
public record Door(
    Encryption toClients, boolean toServers, boolean believed, boolean asks, boolean certified) {
  public static final Door PLAIN = new Door(Encryption.NONE, false);

  /** Without certificates but those that servers, and we as one, must have. */
  public Door(Encryption toClients, boolean toServers) {
    this(toClients, toServers, toServers, false, false);
  }

  public enum Encryption {
    NONE,
    OFFERED,
    /** Who does not want it does not come in. */
    REQUIRED
  }
}
