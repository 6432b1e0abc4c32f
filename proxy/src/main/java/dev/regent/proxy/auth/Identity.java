package dev.regent.proxy.auth;

import dev.regent.proxy.wire.Seed;
import java.util.Arrays;
import java.util.Optional;

/** How the proxy proves to a server that it is its client. */
public sealed interface Identity {
  /**
   * The answer to a server that asks for a proof.
   *
   * @param plugin the one that the server named
   * @return empty if it is not the one of this identity
   */
  Optional<byte[]> answer(String plugin, byte[] challenge);

  /** The answer to what a server asks behind its first question; empty: it cannot be answered. */
  default Optional<byte[]> answerMore(byte[] challenge, byte[] more) {
    return Optional.empty();
  }

  /** What a server keeps of the password; empty without one, or if that is not known. */
  default Optional<byte[]> stored() {
    return Optional.empty();
  }

  /** Without a password. */
  record Open() implements Identity {
    @Override
    public Optional<byte[]> answer(String plugin, byte[] challenge) {
      return Optional.of(new byte[0]).filter(none -> plugin.equals(NativePassword.PLUGIN));
    }
  }

  /**
   * @param once SHA1(password)
   */
  record Native(NativePassword.Digest once) implements Identity {
    @Override
    public Optional<byte[]> answer(String plugin, byte[] challenge) {
      return plugin.equals(NativePassword.PLUGIN) && challenge.length >= Seed.LENGTH
          ? Optional.of(NativePassword.proof(once, Seed.in(challenge)))
          : Optional.empty();
    }

    @Override
    public Optional<byte[]> stored() {
      return Optional.of(NativePassword.twice(once).bytes());
    }
  }

  /** As the server's plugin {@code ed25519} wants it: the key is made of the password itself. */
  record Ed25519(SigningKey key) implements Identity {
    /** As clients call it. */
    public static final String PLUGIN = "client_ed25519";

    public static SigningKey key(Secret password) {
      return SigningKey.of(password.bytes());
    }

    @Override
    public Optional<byte[]> answer(String plugin, byte[] challenge) {
      return plugin.equals(PLUGIN) ? Optional.of(key.sign(challenge)) : Optional.empty();
    }

    @Override
    public Optional<byte[]> stored() {
      return Optional.of(key.shown().bytes());
    }
  }

  /** As {@code parsec} wants it: the key is made of the password and a salt. */
  record Salted(SigningKey key, Parsec.Stored known) implements Identity {
    /** Asks for the salt. */
    @Override
    public Optional<byte[]> answer(String plugin, byte[] challenge) {
      return plugin.equals(Parsec.PLUGIN) ? Optional.of(new byte[0]) : Optional.empty();
    }

    /** A server with another salt has another password, or has not yet heard of this one. */
    @Override
    public Optional<byte[]> answerMore(byte[] challenge, byte[] more) {
      if (!Arrays.equals(more, known.saltBytes())) {
        return Optional.empty();
      }
      byte[] scramble = key.chance(challenge);
      return Optional.of(Digests.joined(scramble, key.sign(challenge, scramble)));
    }

    @Override
    public Optional<byte[]> stored() {
      return Optional.of(known.bytes());
    }
  }

  /** By the password itself: to be told to nobody but a server that is believed, under TLS. */
  record Told(Secret password) implements Identity {
    @Override
    public Optional<byte[]> answer(String plugin, byte[] challenge) {
      return plugin.equals(Cleartext.DIALOG) || plugin.equals(Cleartext.BARE)
          ? Optional.of(Digests.joined(password.bytes(), new byte[1]))
          : Optional.empty();
    }
  }
}
