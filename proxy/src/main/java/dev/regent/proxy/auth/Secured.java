package dev.regent.proxy.auth;

import java.util.Optional;

/**
 * What is known of a client's connection under TLS.
 *
 * @param cipher as OpenSSL calls it
 * @param certificate what the client has shown, if it leads to an authority that is believed
 */
public record Secured(String cipher, Optional<Shown> certificate) {
  /** Names of a certificate, in the form that {@code REQUIRE SUBJECT} has. */
  public record Shown(String subject, String issuer) {}
}
