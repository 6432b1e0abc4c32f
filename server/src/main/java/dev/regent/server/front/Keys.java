package dev.regent.server.front;

import dev.regent.proxy.auth.Identity;
import dev.regent.proxy.auth.Parsec;
import dev.regent.proxy.auth.Secret;
import dev.regent.proxy.auth.SigningKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The keys that are made of the passwords of one reading. Making one takes a millisecond or some,
 * so those of the reading before are used again. One thread at a time.
 */
final class Keys {
  private final ClientPasswords.Reading.Read passwords;
  private final Map<Origin, SigningKey> before;
  private final Map<Origin, SigningKey> made = new LinkedHashMap<>();

  /**
   * @param salt with all else that a key depends on beside the password
   */
  private record Origin(Secret password, String salt) {}

  private Keys(ClientPasswords.Reading.Read passwords, Map<Origin, SigningKey> before) {
    this.passwords = passwords;
    this.before = before;
  }

  static Keys none() {
    return new Keys(new ClientPasswords.Reading.Read(List.of()), Map.of());
  }

  /** The next reading's. */
  Keys with(ClientPasswords.Reading.Read newer) {
    return new Keys(newer, made);
  }

  /** The same passwords again. */
  Keys again() {
    return with(passwords);
  }

  Optional<SigningKey> ed25519(String user, String host) {
    return passwords
        .of(user, host)
        .map(password -> key(new Origin(password, ""), () -> Identity.Ed25519.key(password)));
  }

  Optional<SigningKey> parsec(String user, String host, Parsec.Stored stored) {
    return passwords
        .of(user, host)
        .map(password -> key(new Origin(password, stored.saltText()), () -> stored.key(password)));
  }

  private SigningKey key(Origin origin, Supplier<SigningKey> maker) {
    SigningKey known = before.get(origin);
    return made.computeIfAbsent(origin, o -> known == null ? maker.get() : known);
  }
}
