package dev.regent.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.auth.ServerProof;
import dev.regent.proxy.session.Door.Encryption;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.Greeting;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** TLS as the session sees it: when it begins, and what is not read before it has begun. */
class EncryptionTest {
  private static final long CLIENT = Capability.DEPRECATE_EOF | Capability.SESSION_TRACK;

  @Test
  void isOfferedOnlyWhereThereIsACertificate() throws MalformedPacketException {
    assertThat(offered(Encryption.NONE)).isFalse();
    assertThat(offered(Encryption.OFFERED)).isTrue();
    assertThat(offered(Encryption.REQUIRED)).isTrue();
  }

  @Test
  void loginComesAgainBehindTheWish() {
    Played played = toClient(Encryption.REQUIRED);
    played.client(Played.framed(1, played.request("secret").encodeHead()));

    assertThat(played.clientSecured).isTrue();
    assertThat(played.linked).isEmpty();
    played.clientIsSecured();
    played.client(Played.framed(2, played.request("secret").encode()));
    played.serverLetsIn();
    assertThat(played.said()).endsWith(Played.framed(3, Ok.encode(Played.AUTOCOMMIT)));
  }

  /** What is put behind the wish by somebody in between must not be taken for the client's word. */
  @Test
  void plainLoginBehindTheWishIsNotRead() {
    Played played = toClient(Encryption.OFFERED);
    byte[] wish = Played.framed(1, played.request("secret").encodeHead());
    byte[] login = Played.framed(2, played.request("secret").encode());
    Turn turn = played.session.step(new Input.FromClient(joined(wish, login)), played.now);

    assertThat(turn.used()).isEqualTo(wish.length);
    assertThat(turn.effects()).containsExactly(new Effect.SecureClient());
    Turn plain = played.session.step(new Input.FromClient(Bytes.of(login)), played.now);
    assertThat(plain.effects()).contains(new Effect.Hangup());
    assertThat(played.session.over()).isTrue();
  }

  @Test
  void whoMustEncryptAndDoesNotIsRefusedAsByAServer() throws MalformedPacketException {
    Played played =
        new Played(CLIENT, Played.primary(1, Played.DB1), new Door(Encryption.REQUIRED, false));
    played.login("secret");

    assertThat(played.error()).extracting(Err::code, Err::state).containsExactly(3159, "08004");
    assertThat(played.hungUp).isTrue();
    assertThat(played.linked).isEmpty();
  }

  @Test
  void wishWhereNothingWasOfferedIsABadHandshake() throws MalformedPacketException {
    Played played = toClient(Encryption.NONE);
    played.said();
    played.client(Played.framed(1, played.request("secret").encodeHead()));

    assertThat(played.error().code()).isEqualTo(1043);
  }

  @Test
  void serverIsToldNothingBeforeTlsIsUp() {
    Played played = toServer();
    played.greet();

    assertThat(played.linkSecured).isTrue();
    byte[] wish = played.told();
    assertThat(wish).hasSize(PacketWriter.HEADER + 32);
    played.linkIsSecured(Optional.empty());
    assertThat(new String(played.told(), StandardCharsets.ISO_8859_1)).contains("app");
    played.server(Played.framed(3, Ok.encode(Played.AUTOCOMMIT)));
    assertThat(played.toldText()).startsWith("SET session_track");
  }

  @Test
  void plainWordOfAServerBehindItsGreetingIsNotRead() {
    Played played = toServer();
    played.greet();
    played.server(Played.framed(2, Ok.encode(Played.AUTOCOMMIT)));

    assertThat(played.isLinked()).isFalse();
  }

  @Test
  void serverWithoutTlsIsRefusedInWords() throws MalformedPacketException {
    Played played = toServer();
    played.greetWith(~(Capability.MYSQL | Capability.SSL));

    assertThat(played.error())
        .satisfies(err -> assertThat(err.code()).isEqualTo(2026))
        .satisfies(err -> assertThat(err.message()).contains("it offers none"));
  }

  @Test
  void failedHandshakeIsToldWithItsReason() throws MalformedPacketException {
    Played played = toServer();
    played.greet();
    played.linkIsInsecure("no valid path");

    assertThat(played.error().message()).contains("no valid path");
    assertThat(played.hungUp).isTrue();
  }

  @Test
  void serverThatDoesNotProveItselfIsRefused() throws MalformedPacketException {
    Played played = toServer();
    played.greet();
    played.linkIsSecured(Optional.of(new ServerProof(new byte[32])));
    played.server(Played.framed(3, Ok.encode(Played.AUTOCOMMIT)));

    assertThat(played.error().message()).contains("did not prove");
  }

  private static Played toClient(Encryption encryption) {
    return new Played(
        CLIENT | Capability.SSL, Played.primary(1, Played.DB1), new Door(encryption, false));
  }

  private static Played toServer() {
    Played played =
        new Played(CLIENT, Played.primary(1, Played.DB1), new Door(Encryption.NONE, true));
    played.login("secret");
    return played;
  }

  private static boolean offered(Encryption encryption) throws MalformedPacketException {
    byte[] said = toClient(encryption).said();
    Greeting greeting = Greeting.decode(Bytes.of(said).part(PacketWriter.HEADER, said.length));
    return Capability.has(greeting.capabilities(), Capability.SSL);
  }

  private static Bytes joined(byte[] a, byte[] b) {
    byte[] both = new byte[a.length + b.length];
    System.arraycopy(a, 0, both, 0, a.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return Bytes.of(both);
  }
}
