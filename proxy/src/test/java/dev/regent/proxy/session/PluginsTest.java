package dev.regent.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.auth.Account;
import dev.regent.proxy.auth.Account.Password;
import dev.regent.proxy.auth.Accounts;
import dev.regent.proxy.auth.Cleartext;
import dev.regent.proxy.auth.HostPattern;
import dev.regent.proxy.auth.Identity;
import dev.regent.proxy.auth.Parsec;
import dev.regent.proxy.auth.PublicKey;
import dev.regent.proxy.auth.Secret;
import dev.regent.proxy.auth.ServerProof;
import dev.regent.proxy.auth.SigningKey;
import dev.regent.proxy.seen.Refusal;
import dev.regent.proxy.session.Door.Encryption;
import dev.regent.proxy.wire.AuthSwitch;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.Ok;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that prove themselves otherwise than natively, from bytes. */
class PluginsTest {
  private static final long CLIENT =
      Capability.DEPRECATE_EOF | Capability.SESSION_TRACK | Capability.PLUGIN_AUTH;

  private static final Secret SECRET = Secret.of("foo");
  private static final SigningKey KEY = Identity.Ed25519.key(SECRET);
  private static final PublicKey STORED =
      PublicKey.parse("vubFBzIrapbfHct1/J72dnUryz5VS7lA6XHH8sIx4TI").orElseThrow();

  /** Of the same password, made with OpenSSL. */
  private static final Parsec.Stored SALTED =
      Parsec.Stored.parse("P1:AQIDBAUGBwgJCgsMDQ4PEBES:30D2RewtNR1IfHgv3GRr+UI0e/S3MT9ncquEP0xovHg")
          .orElseThrow();

  private static final byte[] CHANCE =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  @Test
  void ed25519IsAskedForAndPassedOn() throws MalformedPacketException {
    Played played = login(new Password.Ed25519(STORED, Optional.of(KEY)), Door.PLAIN);
    AuthSwitch asked = asked(played);
    assertThat(asked.plugin()).isEqualTo("client_ed25519");
    assertThat(asked.challenge()).hasSize(32);
    played.client(Played.framed(3, proof(new Identity.Ed25519(KEY), asked)));

    played.greet();
    played.told();
    byte[] wish = new AuthSwitch("client_ed25519", Bytes.of(CHANCE)).encode();
    played.server(Played.framed(2, wish));
    assertThat(played.told())
        .isEqualTo(
            Played.framed(
                3, new Identity.Ed25519(KEY).answer("client_ed25519", CHANCE).orElseThrow()));
    played.server(Played.framed(4, Ok.encode(Played.AUTOCOMMIT)));
    settle(played);
    assertThat(played.said()).isEqualTo(Played.framed(4, Ok.encode(Played.AUTOCOMMIT)));
  }

  @Test
  void keyOfParsecIsTheOneThatOthersMake() {
    assertThat(SALTED.key(SECRET).shown()).isEqualTo(SALTED.key());
    assertThat(SALTED.key(Secret.of("guess")).shown()).isNotEqualTo(SALTED.key());
    assertThat(Parsec.Stored.parse("P4" + "x")).isEmpty();
  }

  @Test
  void parsecTellsItsSaltInBetween() throws MalformedPacketException {
    SigningKey key = SALTED.key(SECRET);
    Played played = login(new Password.Salted(SALTED, Optional.of(key)), Door.PLAIN);
    AuthSwitch asked = asked(played);
    assertThat(asked.plugin()).isEqualTo("parsec");
    played.client(Played.framed(3, new byte[0]));
    byte[] salt = SALTED.salt().copy(0, SALTED.salt().length());
    assertThat(played.said()).isEqualTo(Played.framed(4, salt));
    Identity mine = new Identity.Salted(key, SALTED);
    played.client(Played.framed(5, mine.answerMore(asked.challenge(), salt).orElseThrow()));

    played.greet();
    played.told();
    played.server(Played.framed(2, new AuthSwitch("parsec", Bytes.of(CHANCE)).encode()));
    assertThat(played.told()).isEqualTo(Played.framed(3, new byte[0]));
    played.server(Played.framed(4, salt));
    assertThat(played.told())
        .isEqualTo(Played.framed(5, mine.answerMore(CHANCE, salt).orElseThrow()));
    played.server(Played.framed(6, Ok.encode(Played.AUTOCOMMIT)));
    settle(played);
    assertThat(played.said()).isEqualTo(Played.framed(6, Ok.encode(Played.AUTOCOMMIT)));
  }

  @Test
  void wrongProofIsDeniedAsByAServer() throws MalformedPacketException {
    Played played = login(new Password.Ed25519(STORED, Optional.of(KEY)), Door.PLAIN);
    SigningKey wrong = Identity.Ed25519.key(Secret.of("guess"));
    played.client(Played.framed(3, proof(new Identity.Ed25519(wrong), asked(played))));
    played.refreshed();

    assertThat(played.refusals).containsExactly(Refusal.DENIED);
    assertThat(played.error())
        .isEqualTo(
            new Err(
                1045, "28000", "Access denied for user 'app'@'10.1.2.3' (using password: YES)"));
    assertThat(played.linked).isEmpty();
  }

  @Test
  void proofForAnotherChallengeIsNone() throws MalformedPacketException {
    Played first = login(new Password.Ed25519(STORED, Optional.of(KEY)), Door.PLAIN);
    byte[] old = proof(new Identity.Ed25519(KEY), asked(first));
    first.client(Played.framed(3, old));
    first.serverLetsIn();
    first.said();
    first.client(Played.framed(0, first.changeUser("x")));
    AuthSwitch again = asked(first);
    first.client(Played.framed(2, old));
    first.refreshed();

    assertThat(again.challenge()).hasSize(32);
    assertThat(first.error().code()).isEqualTo(1045);
  }

  @Test
  void passwordThatIsMissingOrWrongIsNamed() throws MalformedPacketException {
    Played without = login(new Password.Ed25519(STORED, Optional.empty()), Door.PLAIN);
    without.client(Played.framed(3, proof(new Identity.Ed25519(KEY), asked(without))));
    without.refreshed();
    assertThat(without.error().message()).contains("needs the password of 'app'");

    SigningKey other = Identity.Ed25519.key(Secret.of("older"));
    Played wrong = login(new Password.Ed25519(STORED, Optional.of(other)), Door.PLAIN);
    wrong.client(Played.framed(3, proof(new Identity.Ed25519(KEY), asked(wrong))));
    wrong.refreshed();
    assertThat(wrong.error().message()).contains("another password for the account of 'app'");
  }

  /** Its new password is known to the file and to the primary by the time it is looked at again. */
  @Test
  void passwordThatCameMeanwhileLetsIn() throws MalformedPacketException {
    Played played = login(new Password.Ed25519(STORED, Optional.empty()), Door.PLAIN);
    played.client(Played.framed(3, proof(new Identity.Ed25519(KEY), asked(played))));
    played.accounts = accounts(new Password.Ed25519(STORED, Optional.of(KEY)));
    played.refreshed();

    assertThat(played.linked).hasSize(1);
  }

  @Test
  void accountThatChangedItsPluginIsAskedAgain() throws MalformedPacketException {
    Played played = login(new Password.Never(), Door.PLAIN);
    played.accounts = accounts(new Password.Ed25519(STORED, Optional.of(KEY)));
    played.refreshed();
    played.client(Played.framed(3, proof(new Identity.Ed25519(KEY), asked(played))));

    assertThat(played.linked).hasSize(1);
  }

  @Test
  void clientThatCannotBeAskedHearsSo() throws MalformedPacketException {
    Played played = new Played(Capability.DEPRECATE_EOF, Played.primary(1, Played.DB1), Door.PLAIN);
    played.accounts = accounts(new Password.Ed25519(STORED, Optional.of(KEY)));
    played.login("foo");
    played.refreshed();

    assertThat(played.error()).extracting(Err::code, Err::state).containsExactly(1251, "08004");
  }

  @Test
  void serverThatWantsSomethingElseIsTold() throws MalformedPacketException {
    Played played = login(new Password.Ed25519(STORED, Optional.of(KEY)), Door.PLAIN);
    played.client(Played.framed(3, proof(new Identity.Ed25519(KEY), asked(played))));
    played.greet();
    played.server(Played.framed(2, new AuthSwitch("dialog", Bytes.of()).encode()));

    assertThat(played.error().message()).contains("otherwise than the accounts of the primary");
  }

  /** Nobody is asked for a password in clear where somebody could listen. */
  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true"})
  void passwordItselfIsAskedForUnderTlsOnly(boolean client, boolean servers)
      throws MalformedPacketException {
    Played played = pam(client, servers, Cleartext.DIALOG);
    played.refreshed();

    assertThat(played.error()).extracting(Err::code, Err::state).containsExactly(3159, "08004");
    assertThat(played.refusals).containsExactly(Refusal.ENCRYPTION);
  }

  @ParameterizedTest
  @ValueSource(strings = {Cleartext.DIALOG, Cleartext.BARE})
  void passwordItselfIsPassedOn(String plugin) throws MalformedPacketException {
    Played played = pam(true, true, plugin);
    AuthSwitch asked = asked(played);
    assertThat(asked.plugin()).isEqualTo(plugin);
    played.client(Played.framed(4, "hunter2\0".getBytes(StandardCharsets.US_ASCII)));
    played.greet();
    played.told();
    played.linkIsSecured(Optional.empty());
    played.told();
    played.server(Played.framed(3, new AuthSwitch(plugin, asked.data()).encode()));

    assertThat(played.told())
        .isEqualTo(Played.framed(4, "hunter2\0".getBytes(StandardCharsets.US_ASCII)));
    played.server(Played.framed(5, new Err(1045, "28000", "Access denied").encode()));
    assertThat(played.error().code()).isEqualTo(1045);
    assertThat(played.refusals).containsExactly(Refusal.SERVER);
  }

  @Test
  void serverThatIsNotBelievedIsNotToldThePassword() throws MalformedPacketException {
    Played played = pam(true, true, Cleartext.DIALOG);
    AuthSwitch asked = asked(played);
    played.client(Played.framed(4, "hunter2\0".getBytes(StandardCharsets.US_ASCII)));
    played.greet();
    played.linkIsSecured(Optional.of(new ServerProof(new byte[32])));
    played.told();
    played.server(Played.framed(3, new AuthSwitch(Cleartext.DIALOG, asked.data()).encode()));

    assertThat(played.error().message()).contains("not told the user's password");
    assertThat(Played.text(played.told())).doesNotContain("hunter2");
  }

  @Test
  void secondQuestionOfAServerCannotBeAnswered() throws MalformedPacketException {
    Played played = pam(true, true, Cleartext.DIALOG);
    AuthSwitch asked = asked(played);
    played.client(Played.framed(4, "hunter2\0".getBytes(StandardCharsets.US_ASCII)));
    played.greet();
    played.linkIsSecured(Optional.empty());
    played.server(Played.framed(3, new AuthSwitch(Cleartext.DIALOG, asked.data()).encode()));
    played.server(Played.framed(5, "\4One more: ".getBytes(StandardCharsets.US_ASCII)));

    assertThat(played.error().code()).isEqualTo(1524);
  }

  @Test
  void headerOfTheProxyProtocolFromAnybodyIsRefused() throws MalformedPacketException {
    Played played = new Played(CLIENT, Played.primary(1, Played.DB1), Door.PLAIN);
    played.said();
    played.client("PROXY TCP4 10.1.2.3 10.1.2.4 1 2\r\n".getBytes(StandardCharsets.US_ASCII));

    assertThat(played.error().message()).isEqualTo("Proxy header is not accepted from 10.1.2.3");
    assertThat(played.refusals).containsExactly(Refusal.HEADER);
  }

  @Test
  void whoDoesNotLogInIsCountedAndCut() {
    Played played = new Played(CLIENT, Played.primary(1, Played.DB1), Door.PLAIN);
    played.pass(Entrance.LOGIN_MAX);

    assertThat(played.session.over()).isTrue();
    assertThat(played.refusals).containsExactly(Refusal.LATE);
  }

  @Test
  void whoWantsToBeSomebodyElseAndDoesNotProveItIsCut() throws MalformedPacketException {
    Played played = Played.loggedIn(CLIENT);
    played.pass(Duration.ofMinutes(1));
    played.accounts = accounts(new Password.Ed25519(STORED, Optional.of(KEY)));
    played.client(Played.framed(0, played.changeUser("secret")));
    assertThat(asked(played).plugin()).isEqualTo("client_ed25519");
    played.pass(Entrance.LOGIN_MAX.minusMillis(1));
    assertThat(played.session.over()).isFalse();
    played.pass(Duration.ofMillis(1));
    assertThat(played.session.over()).isTrue();
  }

  /** At the point where its password is wanted, or refused. */
  private static Played pam(boolean client, boolean servers, String plugin) {
    Door door = new Door(client ? Encryption.OFFERED : Encryption.NONE, servers);
    long capabilities = client ? CLIENT | Capability.SSL : CLIENT;
    Played played = new Played(capabilities, Played.primary(1, Played.DB1), door);
    played.accounts = accounts(new Password.Told(plugin));
    played.said();
    if (client) {
      played.client(Played.framed(1, played.request("x").encodeHead()));
      played.clientIsSecured();
    }
    played.client(Played.framed(client ? 2 : 1, played.request("x").encode()));
    return played;
  }

  private static byte[] proof(Identity identity, AuthSwitch asked) {
    return identity.answer(asked.plugin(), asked.challenge()).orElseThrow();
  }

  private static Played login(Password password, Door door) {
    Played played = new Played(CLIENT, Played.primary(1, Played.DB1), door);
    played.accounts = accounts(password);
    played.login("foo");
    return played;
  }

  private static Accounts accounts(Password password) {
    Account account = new Account("app", new HostPattern("%"), Optional.of(password), false);
    return new Accounts("11.8.9-MariaDB", 45, true, List.of(account));
  }

  private static AuthSwitch asked(Played played) throws MalformedPacketException {
    byte[] said = played.said();
    assertThat(said[4] & 0xff).isEqualTo(AuthSwitch.FIRST_BYTE);
    return AuthSwitch.decode(Bytes.of(said).part(4, said.length));
  }

  /** What the proxy sets in its own name. */
  private static void settle(Played played) {
    while (played.toldText().startsWith("SET ")) {
      played.ok(Played.AUTOCOMMIT);
    }
  }
}
