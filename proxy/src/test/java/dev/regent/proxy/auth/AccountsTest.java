package dev.regent.proxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.auth.Accounts.Verdict;
import dev.regent.proxy.auth.HostPattern.Peer;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Seed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccountsTest {
  /** What MariaDB's PASSWORD('secret') says. */
  private static final String SECRET = "*14E65567ABDB5135D0CFD9A70B3032C179A49EE7";

  private static final Seed SEED = seed("abcdefghijklmnopqrst");
  private static final Seed OTHER = seed("tsrqponmlkjihgfedcba");
  private static final Peer PEER = Peer.at("10.1.2.3");

  @Test
  void rightProofAdmitsAndTeachesTheDigest() {
    NativePassword.Digest once = NativePassword.once("secret".getBytes(StandardCharsets.UTF_8));
    Accounts accounts = accounts(account("app", "%", SECRET));

    assertThat(check(accounts, "app", PEER, proof("secret"), SEED))
        .isEqualTo(new Verdict.Admitted(new Identity.Native(once)));
  }

  @Test
  void digestThatWasLearnedProvesAnywhere() {
    Accounts accounts = accounts(account("app", "%", SECRET));
    Verdict.Admitted admitted =
        (Verdict.Admitted) check(accounts, "app", PEER, proof("secret"), SEED);
    byte[] onward = admitted.identity().answer(NativePassword.PLUGIN, OTHER.bytes()).orElseThrow();

    assertThat(check(accounts, "app", PEER, Bytes.of(onward), OTHER)).isEqualTo(admitted);
  }

  @Test
  void wrongProofIsDenied() {
    Accounts accounts = accounts(account("app", "%", SECRET));

    assertThat(check(accounts, "app", PEER, proof("guess"), SEED)).isEqualTo(new Verdict.Denied());
    assertThat(check(accounts, "app", PEER, proof("secret"), OTHER))
        .isEqualTo(new Verdict.Denied());
    assertThat(check(accounts, "app", PEER, Bytes.of(), SEED)).isEqualTo(new Verdict.Denied());
    assertThat(check(accounts, "nobody", PEER, proof("secret"), SEED))
        .isEqualTo(new Verdict.Denied());
  }

  @Test
  void accountWithoutPasswordWantsNone() {
    Account open = new Account("app", new HostPattern("%"), Optional.of(none()), false);

    assertThat(check(accounts(open), "app", PEER, Bytes.of(), SEED))
        .isEqualTo(new Verdict.Admitted(new Identity.Open()));
    assertThat(check(accounts(open), "app", PEER, proof("secret"), SEED))
        .isEqualTo(new Verdict.Denied());
  }

  @Test
  void lockIsToldOnlyToWhoKnowsThePassword() {
    Account locked =
        new Account("app", new HostPattern("%"), account("app", "%", SECRET).password(), true);

    assertThat(check(accounts(locked), "app", PEER, proof("secret"), SEED))
        .isEqualTo(new Verdict.Locked());
    assertThat(check(accounts(locked), "app", PEER, proof("guess"), SEED))
        .isEqualTo(new Verdict.Denied());
  }

  @Test
  void mostParticularHostCounts() {
    Account anywhere = account("app", "%", SECRET);
    Account here = new Account("app", new HostPattern("10.1.%"), Optional.of(none()), false);

    assertThat(check(accounts(anywhere, here), "app", PEER, Bytes.of(), SEED))
        .isInstanceOf(Verdict.Admitted.class);
    assertThat(check(accounts(anywhere, here), "app", PEER, proof("secret"), SEED))
        .isEqualTo(new Verdict.Denied());
  }

  @Test
  void anonymousAtAParticularHostStandsBeforeTheNamed() {
    Account named = account("app", "%", SECRET);
    Account anonymous = new Account("", new HostPattern("localhost"), Optional.of(none()), false);

    assertThat(
            check(accounts(named, anonymous), "app", Peer.at("127.0.0.1"), proof("secret"), SEED))
        .isEqualTo(new Verdict.Denied());
    assertThat(check(accounts(named, anonymous), "app", PEER, proof("secret"), SEED))
        .isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  void serverThatResolvesNoNamesKnowsNoLocalhost() {
    Account local = new Account("app", new HostPattern("localhost"), Optional.of(none()), false);
    Accounts nameless = new Accounts("11.4.5-MariaDB", 45, false, List.of(local));

    assertThat(check(nameless, "app", Peer.at("127.0.0.1"), Bytes.of(), SEED))
        .isEqualTo(new Verdict.Denied());
    assertThat(check(accounts(local), "app", Peer.at("127.0.0.1"), Bytes.of(), SEED))
        .isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  void otherPluginsAreNotGuessedAt() {
    Account other = new Account("app", new HostPattern("%"), Optional.empty(), false);

    assertThat(check(accounts(other), "app", PEER, proof("secret"), SEED))
        .isEqualTo(new Verdict.Unsupported());
  }

  @Test
  void patternsMatchAsInTheServer() {
    assertThat(matches("%", "10.1.2.3")).isTrue();
    assertThat(matches("", "10.1.2.3")).isTrue();
    assertThat(matches("10.1.2.3", "10.1.2.3")).isTrue();
    assertThat(matches("10.1.2._", "10.1.2.3")).isTrue();
    assertThat(matches("10.1.2._", "10.1.2.30")).isFalse();
    assertThat(matches("10.%.3", "10.1.2.3")).isTrue();
    assertThat(matches("10.%.4", "10.1.2.3")).isFalse();
    assertThat(matches("10.1.0.0/255.255.0.0", "10.1.2.3")).isTrue();
    assertThat(matches("10.1.0.0/255.255.0.0", "10.2.2.3")).isFalse();
    assertThat(matches("10.1.2.3/255.255.0.0", "10.1.2.3")).isFalse();
    assertThat(matches("localhost", "127.0.0.1")).isTrue();
    assertThat(matches("LocalHost", "::1")).isTrue();
    assertThat(matches("127.0.0.1", "127.0.0.1")).isTrue();
    assertThat(matches("localhost", "10.1.2.3")).isFalse();
    assertThat(matches("app\\_1", "app_1")).isTrue();
  }

  @Test
  void storedPasswordIsReadStrictly() {
    assertThat(NativePassword.Stored.parse(SECRET)).isPresent();
    assertThat(NativePassword.Stored.parse(SECRET.substring(1))).isEmpty();
    assertThat(NativePassword.Stored.parse("*invalid")).isEmpty();
    assertThat(NativePassword.Stored.parse("")).isEmpty();
  }

  private static Verdict check(Accounts accounts, String user, Peer peer, Bytes proof, Seed seed) {
    return accounts.check(
        user,
        new Visitor(peer, Optional.empty(), new Visitor.Onward(false, false, false)),
        Answer.first(proof, seed));
  }

  private static boolean matches(String pattern, String address) {
    return new HostPattern(pattern).matches(Peer.at(address));
  }

  private static Account.Password none() {
    return new Account.Password.None();
  }

  private static Account account(String user, String host, String stored) {
    NativePassword.Stored password = NativePassword.Stored.parse(stored).orElseThrow();
    return new Account(
        user, new HostPattern(host), Optional.of(new Account.Password.Native(password)), false);
  }

  private static Accounts accounts(Account... all) {
    return new Accounts("11.4.5-MariaDB", 45, true, List.of(all));
  }

  private static Bytes proof(String password) {
    NativePassword.Digest once = NativePassword.once(password.getBytes(StandardCharsets.UTF_8));
    return Bytes.of(NativePassword.proof(once, SEED));
  }

  private static Seed seed(String text) {
    return new Seed(text.getBytes(StandardCharsets.UTF_8));
  }
}
