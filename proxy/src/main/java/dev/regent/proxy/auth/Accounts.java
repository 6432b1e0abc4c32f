package dev.regent.proxy.auth;

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
    record Admitted(Identity identity) implements Verdict {}

    /** No such account, or a wrong proof: a server does not say which. */
    record Denied() implements Verdict {}

    record Locked() implements Verdict {}

    /** It is no proof of the account's kind: the client must be asked for one. */
    record Asks(Question question) implements Verdict {}

    /** The account is proved in a way that the proxy cannot check. */
    record Unsupported() implements Verdict {}

    /**
     * The proof is right, but the proxy needs the password itself to pass the client on.
     *
     * @param known it knows one, which is not this one
     */
    record Alone(boolean known) implements Verdict {}

    /** The password itself would have to be told, and not all of the way is encrypted. */
    record Exposed() implements Verdict {}

    /**
     * The account wants a certificate of the client's.
     *
     * @param asked clients are asked for one, and it is the proxy that has none for servers
     */
    record Uncertified(boolean asked) implements Verdict {}
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

  public Verdict check(String user, Visitor visitor, Answer answer) {
    Optional<Account> found =
        all.stream()
            .filter(account -> account.user().isEmpty() || account.user().equals(user))
            .filter(account -> account.host().matches(seen(visitor.peer())))
            .findFirst();
    if (found.isEmpty()) {
      // Asked like most others, so that a stranger does not learn who has an account.
      Question usual = Question.nativePassword();
      return answers(answer, usual) ? new Verdict.Denied() : new Verdict.Asks(usual);
    }
    Account account = found.get();
    if (account.password().isEmpty()) {
      return new Verdict.Unsupported();
    }
    Account.Password password = account.password().get();
    if (password instanceof Account.Password.Told
        && !(visitor.secured().isPresent() && visitor.onward().encrypted())) {
      return new Verdict.Exposed();
    }
    if (!answers(answer, password.question())) {
      return new Verdict.Asks(password.question());
    }
    return switch (password.check(answer)) {
      case Proved.Not not -> new Verdict.Denied();
      // A server looks at the password first, so that a lock tells nothing to strangers; and what
      // only a server can look at, it locks too.
      case Proved.As as ->
          account.locked() && !(as.identity() instanceof Identity.Told)
              ? new Verdict.Locked()
              : connected(account, visitor, as.identity());
      case Proved.Alone alone ->
          account.locked() ? new Verdict.Locked() : new Verdict.Alone(alone.known());
    };
  }

  private static boolean answers(Answer answer, Question question) {
    return answer.plugin().equals(question.plugin());
  }

  private static Verdict connected(Account account, Visitor visitor, Identity identity) {
    Verdict admitted = new Verdict.Admitted(identity);
    return switch (account.transport().by(visitor)) {
      case YES -> admitted;
      case NO -> new Verdict.Denied();
      case NOT_ASKED -> new Verdict.Uncertified(false);
      case NOT_OURS -> new Verdict.Uncertified(true);
    };
  }
}
