package dev.regent.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoginPacketsTest {
  private static final Seed SEED =
      new Seed("abcdefghijklmnopqrst".getBytes(StandardCharsets.UTF_8));

  /** As MariaDB 11.4 sends it. */
  private static final String GREETING =
      "0a 31312e342e352d4d61726961444200 2a000000 6162636465666768 00 fef7 08 0200 ffa1"
          + "15 000000000000 1d000000 696a6b6c6d6e6f7071727374 00"
          + "6d7973716c5f6e61746976655f70617373776f726400";

  /** As the C client sends it: attributes, no MySQL bit, extended capabilities. */
  private static final String LOGIN =
      "84a2bf01 00000001 2d 00000000000000000000000000000000000000 05000000"
          + "61707000 14 0102030405060708090a0b0c0d0e0f1011121314"
          + "6d7973716c5f6e61746976655f70617373776f726400"
          + "12 0c 5f636c69656e745f6e616d65 04 6c696243";

  @Test
  void greetingIsRead() throws MalformedPacketException {
    Greeting greeting = Greeting.decode(Bytes.of(Script.bytes(GREETING)));

    assertThat(greeting.version()).isEqualTo("11.4.5-MariaDB");
    assertThat(greeting.connection()).isEqualTo(42);
    assertThat(greeting.seed()).isEqualTo(SEED);
    assertThat(greeting.charset()).isEqualTo(8);
    assertThat(greeting.plugin()).isEqualTo("mysql_native_password");
    assertThat(greeting.capabilities())
        .isEqualTo(0x1d_a1ff_f7feL)
        .matches(c -> Capability.has(c, Capability.CACHE_METADATA | Capability.DEPRECATE_EOF));
  }

  @Test
  void greetingIsWrittenAsItWasRead() throws MalformedPacketException {
    byte[] bytes = Script.bytes(GREETING);

    assertThat(Greeting.decode(Bytes.of(bytes)).encode()).isEqualTo(bytes);
  }

  @Test
  void greetingOfAnotherProtocolIsMalformed() {
    byte[] bytes = Script.bytes(GREETING);
    bytes[0] = 9;

    assertThatThrownBy(() -> Greeting.decode(Bytes.of(bytes)))
        .isInstanceOf(MalformedPacketException.class)
        .hasMessageContaining("protocol 9");
  }

  @Test
  void loginIsRead() throws MalformedPacketException {
    LoginRequest login = LoginRequest.decode(Bytes.of(Script.bytes(LOGIN)), -1L);

    assertThat(login.user()).isEqualTo("app");
    assertThat(login.charset()).isEqualTo(45);
    assertThat(login.packetMax()).isEqualTo(1 << 24);
    assertThat(login.proof().length()).isEqualTo(20);
    assertThat(login.database()).isEmpty();
    assertThat(login.plugin()).isEqualTo("mysql_native_password");
    assertThat(login.attributes()).isEqualTo(Map.of("_client_name", "libC"));
    assertThat(Capability.has(login.capabilities(), Capability.BULK | Capability.PROGRESS))
        .isTrue();
  }

  @Test
  void loginIsWrittenAsItWasRead() throws MalformedPacketException {
    byte[] bytes = Script.bytes(LOGIN);

    assertThat(LoginRequest.decode(Bytes.of(bytes), -1L).encode()).isEqualTo(bytes);
  }

  @Test
  void whatWasNotOfferedIsNotAgreed() throws MalformedPacketException {
    long offered = Capability.offered("10.5.23-MariaDB");
    LoginRequest login = LoginRequest.decode(Bytes.of(Script.bytes(LOGIN)), offered);

    assertThat(login.capabilities() & ~offered).isZero();
    assertThat(login.attributes()).isNotEmpty();
  }

  @Test
  void clientThatWantsEncryptionThatWasNotOfferedIsMalformed() {
    byte[] bytes = Script.bytes(LOGIN);
    bytes[1] |= 0x08;

    assertThatThrownBy(() -> LoginRequest.decode(Bytes.of(bytes), ~Capability.SSL))
        .isInstanceOf(MalformedPacketException.class)
        .hasMessageContaining("encryption");
  }

  @Test
  void everyShorterLoginIsMalformedOrLessSaid() {
    byte[] bytes = Script.bytes(LOGIN);
    for (int length = 0; length < bytes.length; length++) {
      Bytes cut = Bytes.of(bytes).part(0, length);
      try {
        assertThat(LoginRequest.decode(cut, -1L).attributes()).isEmpty();
      } catch (MalformedPacketException e) {
        assertThat(e).hasMessageContaining("e");
      }
    }
  }

  @Test
  void mysqlsOwnClientHasNoCapabilitiesOfMariaDb() throws MalformedPacketException {
    byte[] bytes = Script.bytes(LOGIN);
    bytes[0] |= 1;

    assertThat(LoginRequest.decode(Bytes.of(bytes), -1L).capabilities() >> 32).isZero();
  }

  @Test
  void offerFollowsTheServersVersion() {
    assertThat(offers("10.4.9-MariaDB", Capability.EXTENDED_METADATA)).isFalse();
    assertThat(offers("5.5.5-10.5.23-MariaDB", Capability.EXTENDED_METADATA)).isTrue();
    assertThat(offers("10.5.23-MariaDB-log", Capability.CACHE_METADATA)).isFalse();
    assertThat(offers("10.11.5-MariaDB", Capability.CACHE_METADATA)).isTrue();
    assertThat(offers("11.4.5-MariaDB", Capability.CACHE_METADATA)).isTrue();
    assertThat(offers("nonsense", Capability.CACHE_METADATA)).isFalse();
    assertThat(offers("11.4.5-MariaDB", Capability.SSL)).isFalse();
    assertThat(offers("11.4.5-MariaDB", Capability.COMPRESS)).isFalse();
  }

  @Test
  void switchIsWrittenAsItIsRead() throws MalformedPacketException {
    AuthSwitch wish = new AuthSwitch("mysql_native_password", SEED);

    AuthSwitch read = AuthSwitch.decode(Bytes.of(wish.encode()));
    assertThat(read.plugin()).isEqualTo(wish.plugin());
    assertThat(read.seed()).isEqualTo(SEED);
  }

  @Test
  void changeOfUserIsRead() throws MalformedPacketException {
    byte[] bytes =
        Script.bytes(
            "11 626f6200 02 0908 73686f7000 2100 6d7973716c5f6e6174697665 00 04 0161 0162");
    ChangeUser change =
        ChangeUser.decode(Bytes.of(bytes), Capability.PLUGIN_AUTH | Capability.CONNECT_ATTRS, 45);

    assertThat(change.user()).isEqualTo("bob");
    assertThat(change.proof().copy(0, 2)).containsExactly(9, 8);
    assertThat(change.database()).isEqualTo("shop");
    assertThat(change.charset()).isEqualTo(33);
    assertThat(change.plugin()).isEqualTo("mysql_native");
    assertThat(change.attributes()).isEqualTo(Map.of("a", "b"));
  }

  private static boolean offers(String version, long capability) {
    return Capability.has(Capability.offered(version), capability);
  }
}
