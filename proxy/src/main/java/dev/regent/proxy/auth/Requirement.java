package dev.regent.proxy.auth;

import java.util.Optional;

/** What an account wants of a connection, as {@code REQUIRE} has it. */
public sealed interface Requirement {
  /** What comes of it. */
  enum Met {
    YES,
    /** A server would deny it. */
    NO,
    /** The listener asks nobody for a certificate. */
    NOT_ASKED,
    /** The client is right, but a server would want the same of the proxy, which has none. */
    NOT_OURS
  }

  Met by(Visitor visitor);

  record Nothing() implements Requirement {
    @Override
    public Met by(Visitor visitor) {
      return Met.YES;
    }
  }

  /** SSL. */
  record Encrypted() implements Requirement {
    @Override
    public Met by(Visitor visitor) {
      return visitor.secured().isPresent() ? Met.YES : Met.NO;
    }
  }

  /** X509: whatever certificate. */
  record Certified() implements Requirement {
    @Override
    public Met by(Visitor visitor) {
      return shown(visitor, "", "");
    }
  }

  /**
   * What is empty may be anything; of these only the cipher needs no certificate.
   *
   * @param cipher as OpenSSL calls it
   */
  record Specified(String cipher, String issuer, String subject) implements Requirement {
    @Override
    public Met by(Visitor visitor) {
      boolean right =
          visitor
              .secured()
              .filter(secured -> cipher.isEmpty() || secured.cipher().equals(cipher))
              .isPresent();
      if (!right) {
        return Met.NO;
      }
      return issuer.isEmpty() && subject.isEmpty() ? Met.YES : shown(visitor, issuer, subject);
    }
  }

  private static Met shown(Visitor visitor, String issuer, String subject) {
    if (visitor.secured().isEmpty()) {
      return Met.NO;
    }
    if (!visitor.onward().asks()) {
      return Met.NOT_ASKED;
    }
    Optional<Secured.Shown> found =
        visitor
            .secured()
            .flatMap(Secured::certificate)
            .filter(shown -> issuer.isEmpty() || shown.issuer().equals(issuer))
            .filter(shown -> subject.isEmpty() || shown.subject().equals(subject));
    if (found.isEmpty()) {
      return Met.NO;
    }
    return visitor.onward().certified() ? Met.YES : Met.NOT_OURS;
  }
}
