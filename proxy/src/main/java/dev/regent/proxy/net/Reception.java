package dev.regent.proxy.net;

import dev.regent.proxy.session.Settings;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How connections at one address are taken.
 *
 * @param tls holds the certificate that clients are shown; present if the door is not plain
 * @param announces servers are told the client's address first, by the PROXY protocol
 * @param believed who connects from there tells the client's address first, by the same
 */
public record Reception(
    Settings settings,
    Optional<SSLContext> tls,
    Seats seats,
    boolean announces,
    Networks believed,
    Spaces spaces) {
  /**
   * For connections to servers that no session has.
   *
   * @param most at each server; 0: none
   * @param time after which one that nobody has wanted is closed
   */
  public record Spaces(int most, Duration time) {
    public static final Spaces NONE = new Spaces(0, Duration.ZERO);
  }
}
