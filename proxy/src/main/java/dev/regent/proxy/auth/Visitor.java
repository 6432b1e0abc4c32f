package dev.regent.proxy.auth;

import java.util.Optional;

/**
 * Where a client comes from, and how it is connected.
 *
 * @param secured empty: its connection is plain
 */
public record Visitor(HostPattern.Peer peer, Optional<Secured> secured, Onward onward) {
  /**
   * What its listener asks for, and how servers are connected to.
   *
   * @param asks clients are asked for a certificate
   * @param encrypted connections to servers are, and what they show is checked
   * @param certified servers are shown a certificate of our own
   */
  public record Onward(boolean asks, boolean encrypted, boolean certified) {}
}
