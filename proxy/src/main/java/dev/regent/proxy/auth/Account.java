package dev.regent.proxy.auth;

import java.util.Optional;

/**
 * One account of a server.
 *
 * @param user empty for an anonymous one, which is anybody
 * @param transport what its connection must be like
 * @param password empty if the proxy knows no way to check, or to pass on, how it is proved
 */
public record Account(
    String user,
    HostPattern host,
    Requirement transport,
    Optional<Password> password,
    boolean locked) {
  public Account(String user, HostPattern host, Optional<Password> password, boolean locked) {
    this(user, host, new Requirement.Nothing(), password, locked);
  }

  /** How a client proves itself. */
  public sealed interface Password {
    /** What the client must be asked. */
    Question question();

    Proved check(Answer answer);

    /** There is none: only an empty proof is right. */
    record None() implements Password {
      @Override
      public Question question() {
        return Question.nativePassword();
      }

      @Override
      public Proved check(Answer answer) {
        return answer.proof().length() == 0 ? new Proved.As(new Identity.Open()) : new Proved.Not();
      }
    }

    /** What is stored is no password's digest: nothing is right. */
    record Never() implements Password {
      @Override
      public Question question() {
        return Question.nativePassword();
      }

      @Override
      public Proved check(Answer answer) {
        return new Proved.Not();
      }
    }

    record Native(NativePassword.Stored stored) implements Password {
      @Override
      public Question question() {
        return Question.nativePassword();
      }

      @Override
      public Proved check(Answer answer) {
        return stored
            .check(answer)
            .<Proved>map(once -> new Proved.As(new Identity.Native(once)))
            .orElseGet(Proved.Not::new);
      }
    }

    /**
     * @param key made of the password, where that is known; else clients can be checked, and not be
     *     passed on
     */
    record Ed25519(PublicKey stored, Optional<SigningKey> key) implements Password {
      @Override
      public Question question() {
        return Question.ed25519();
      }

      @Override
      public Proved check(Answer answer) {
        return stored.signed(answer.proofBytes(), answer.challengeBytes())
            ? key.map(k -> Proved.with(stored, k, Identity.Ed25519::new))
                .orElseGet(() -> new Proved.Alone(false))
            : new Proved.Not();
      }
    }

    /**
     * Of the plugin {@code parsec}.
     *
     * @param key as with {@link Ed25519}
     */
    record Salted(Parsec.Stored stored, Optional<SigningKey> key) implements Password {
      @Override
      public Question question() {
        return Question.parsec(stored.salt());
      }

      @Override
      public Proved check(Answer answer) {
        return stored.isProved(answer)
            ? key.map(k -> Proved.with(stored.key(), k, mine -> new Identity.Salted(mine, stored)))
                .orElseGet(() -> new Proved.Alone(false))
            : new Proved.Not();
      }
    }

    /**
     * The server asks somebody else, PAM for example, and needs the password itself for that.
     *
     * @param plugin {@link Cleartext#DIALOG} or {@link Cleartext#BARE}, as the server asks for it
     */
    record Told(String plugin) implements Password {
      @Override
      public Question question() {
        return Cleartext.question(plugin);
      }

      @Override
      public Proved check(Answer answer) {
        return new Proved.As(new Identity.Told(Cleartext.password(answer)));
      }
    }
  }
}
