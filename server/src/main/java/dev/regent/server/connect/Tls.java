package dev.regent.server.connect;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How connections to servers are encrypted.
 *
 * @param authority certificates (PEM) that sign the servers' ones; empty: the system's, or the
 *     server's own proof of knowing our password (MariaDB 11.4)
 */
public record Tls(Mode mode, Optional<Path> authority, Optional<ClientKey> key) {
  public static final Tls VERIFIED = new Tls(Mode.VERIFY, Optional.empty(), Optional.empty());
  public static final Tls OFF = new Tls(Mode.OFF, Optional.empty(), Optional.empty());

  public enum Mode {
    /** Encrypted, and the server proves that it is the one that was asked for. */
    VERIFY,
    /** Encrypted, to whoever answers. */
    TRUST,
    OFF
  }

  /** Our own certificate with its key, in a PKCS12 file. */
  public record ClientKey(Path store, String password) {
    @Override
    public String toString() {
      return "ClientKey[store=" + store + "]";
    }
  }
}
