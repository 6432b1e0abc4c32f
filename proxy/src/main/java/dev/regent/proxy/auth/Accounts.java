package dev.regent.proxy.auth;

import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Seed;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All accounts of the primary, and what it says of itself to clients, as read at one time.
 *
 * @param version as the server's greeting says it
 * @param namesHosts it knows a client of its own machine as {@code localhost}; not with {@code
 *     skip_name_resolve}
 * @param charset the number of its default collation, below 256
 */
public record Accounts(String version, int charset, boolean namesHosts, List<Account> all) {
  public Accounts {
    // As the server sorts them: the host first, then the name; the first one that matches counts.
    all =
        all.stream()
            .sorted(
                Comparator.comparingInt((Account account) -> -account.host().rank())
                    .thenComparing(account -> account.user().isEmpty()))
            .toList();
  }

  /** What came of a proof. */
  public sealed interface Verdict {
    /**
     * @param once SHA1(password); empty without a password
     */
    record Admitted(Optional<NativePassword.Digest> once) implements Verdict {}

    /** No such account, or a wrong proof: a server does not say which. */
    record Denied() implements Verdict {}

    record Locked() implements Verdict {}

    /** The account is proved in a way that the proxy cannot check. */
    record Unsupported() implements Verdict {}

    /** The account wants a certificate of the client's. */
    record Uncertified() implements Verdict {}
  }

  /** A client's address as this server sees it. */
  public HostPattern.Peer seen(HostPattern.Peer peer) {
    return namesHosts ? peer : new HostPattern.Peer(peer.address(), "");
  }

  /** Whether anybody at all may come from there; a server does not even greet others. */
  public boolean knows(HostPattern.Peer peer) {
    HostPattern.Peer seen = seen(peer);
    return all.stream().anyMatch(account -> account.host().matches(seen));
  }

  /**
   * @param encrypted whether the client's connection is
   */
  public Verdict check(
      String user, HostPattern.Peer peer, boolean encrypted, Bytes proof, Seed seed) {
    Optional<Account> found =
        all.stream()
            .filter(account -> account.user().isEmpty() || account.user().equals(user))
            .filter(account -> account.host().matches(seen(peer)))
            .findFirst();
    if (found.isEmpty()) {
      return new Verdict.Denied();
    }
    Account account = found.get();
    if (account.password().isEmpty()) {
      return new Verdict.Unsupported();
    }
    return switch (account.transport()) {
      case ANY -> proved(account, proof, seed);
      case ENCRYPTED -> encrypted ? proved(account, proof, seed) : new Verdict.Denied();
      case CERTIFIED -> new Verdict.Uncertified();
    };
  }

  private static Verdict proved(Account account, Bytes proof, Seed seed) {
    return switch (account.password().orElseThrow()) {
      case Account.Password.None none ->
          proof.length() == 0
              ? unlessLocked(account, new Verdict.Admitted(Optional.empty()))
              : new Verdict.Denied();
      case Account.Password.Never never -> new Verdict.Denied();
      case Account.Password.Native password ->
          password
              .stored()
              .check(proof, seed)
              .map(once -> unlessLocked(account, new Verdict.Admitted(Optional.of(once))))
              .orElseGet(Verdict.Denied::new);
    };
  }

  /** A server looks at the password first, so that a lock tells nothing to strangers. */
  private static Verdict unlessLocked(Account account, Verdict.Admitted admitted) {
    return account.locked() ? new Verdict.Locked() : admitted;
  }
}
