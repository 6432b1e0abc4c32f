package dev.regent.proxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Known answers, and Java's own Ed25519 as the judge. */
class SigningKeyTest {
  private static final HexFormat HEX = HexFormat.of();

  /** RFC 8032, section 7.1: tests 1 to 3. */
  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + " d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a, '',"
        + " e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + " 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c, 72,"
        + " 92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
        + " fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025, af82,"
        + " 6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
  })
  void signsAsTheStandardSays(String secret, String shown, String message, String signature) {
    SigningKey key = SigningKey.of(HEX.parseHex(secret));

    assertThat(HEX.formatHex(key.shown().bytes())).isEqualTo(shown);
    assertThat(HEX.formatHex(key.sign(HEX.parseHex(message)))).isEqualTo(signature);
  }

  /** What {@code ed25519_password()} of a server says. */
  @ParameterizedTest
  @CsvSource({
    "foo, vubFBzIrapbfHct1/J72dnUryz5VS7lA6XHH8sIx4TI",
    "foobar, qv2mG6HWCuy32Slb5xhV4THStewNz2VINVPbgk+XAJ8",
    "foo bar, Y5fV74JAVRMOK2cdnUsYS+WW9sXaaL/o+6WGKOgqnzc"
  })
  void passwordOfAnyLengthIsAKey(String password, String stored) {
    SigningKey key = Identity.Ed25519.key(Secret.of(password));

    assertThat(PublicKey.parse(stored)).contains(key.shown());
  }

  @Test
  void whatIsSignedIsBelievedAndNothingElse() {
    Random chance = new Random(8032);
    for (int i = 0; i < 40; i++) {
      byte[] password = new byte[chance.nextInt(60)];
      byte[] message = new byte[chance.nextInt(100) + 1];
      chance.nextBytes(password);
      chance.nextBytes(message);
      SigningKey key = SigningKey.of(password);
      byte[] signature = key.sign(message);

      assertThat(key.shown().signed(signature, message)).isTrue();
      signature[chance.nextInt(signature.length)] ^= (byte) (1 << chance.nextInt(8));
      assertThat(key.shown().signed(signature, message)).isFalse();
      message[chance.nextInt(message.length)] ^= 1;
      assertThat(key.shown().signed(key.sign(message), message)).isTrue();
      assertThat(SigningKey.of(message).shown().signed(key.sign(message), message)).isFalse();
    }
  }

  @Test
  void keyThatIsNoneBelievesNothing() {
    PublicKey none = new PublicKey(HEX.parseHex("02" + "00".repeat(31)));

    assertThat(none.signed(new byte[64], new byte[1])).isFalse();
    assertThat(none.signed(new byte[63], new byte[1])).isFalse();
    assertThat(PublicKey.parse("invalid")).isEmpty();
    assertThat(PublicKey.parse("!".repeat(43))).isEmpty();
  }

  @Test
  void nothingShowsAPassword() {
    SigningKey key = Identity.Ed25519.key(Secret.of("hunter2"));

    assertThat(Secret.of("hunter2")).hasToString("***");
    assertThat(new Identity.Ed25519(key).toString()).doesNotContain("hunter2");
    assertThat(new Identity.Told(Secret.of("hunter2")).toString()).doesNotContain("hunter2");
    assertThat("hunter2".getBytes(StandardCharsets.UTF_8)).isEqualTo(Secret.of("hunter2").bytes());
  }
}
