package dev.regent.server.maxadmin;

/**
 * The optional port for old clients.
 *
 * @param address where it listens; the protocol is not encrypted, so this is loopback by default
 * @param password as it is; never printed
 */
public record AdminSettings(String address, int port, String user, String password) {
  @Override
  public String toString() {
    return "AdminSettings[" + address + ":" + port + ", user=" + user + "]";
  }
}
