package dev.regent.proxy.auth;

import java.util.Optional;

/**
 * One account of a server.
 *
 * @param user empty for an anonymous one, which is anybody
 * @param transport what its connection must be like
 * @param password empty if it is not a password of {@link NativePassword} that proves the client
 */
public record Account(
    String user,
    HostPattern host,
    Transport transport,
    Optional<Password> password,
    boolean locked) {

  /** As {@code REQUIRE} has it. */
  public enum Transport {
    ANY,
    ENCRYPTED,
    /** With a certificate of the client's, which the proxy has not and cannot show. */
    CERTIFIED
  }

  public Account(String user, HostPattern host, Optional<Password> password, boolean locked) {
    this(user, host, Transport.ANY, password, locked);
  }

  /** How a client proves itself. */
  public sealed interface Password {
    /** There is none: only an empty proof is right. */
    record None() implements Password {}

    /** What is stored is no password's digest: nothing is right. */
    record Never() implements Password {}

    record Native(NativePassword.Stored stored) implements Password {}
  }
}
