package dev.regent.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OkTest {
  /** SET autocommit=0 and USE shop, in one. */
  private static final String TELLING =
      "00 01 fc2c01 0240 0000 00 1b 00 0f 0a 6175746f636f6d6d6974 03 4f4646 01 05 04 73686f70 02 01 31";

  @Test
  void tellsOfTheSession() throws MalformedPacketException {
    Ok ok = Ok.decode(Bytes.of(Script.bytes(TELLING)), Capability.SESSION_TRACK);

    assertThat(ok.affectedRows()).isEqualTo(1);
    assertThat(ok.insertId()).isEqualTo(300);
    assertThat(ok.changes())
        .containsExactly(
            new SessionChange.Variable("autocommit", "OFF"),
            new SessionChange.Database("shop"),
            new SessionChange.Something());
  }

  @Test
  void plainIsWhatAClientGetsThatDoesNotAsk() throws MalformedPacketException {
    Bytes packet = Bytes.of(Script.bytes(TELLING));
    Ok ok = Ok.decode(packet, Capability.SESSION_TRACK);

    assertThat(ok.plain(packet)).isEqualTo(Script.bytes("00 01 fc2c01 0200 0000 00"));
  }

  @Test
  void whoDoesNotTrackSeesATextOnly() throws MalformedPacketException {
    Ok ok = Ok.decode(Bytes.of(Script.bytes("00 01 00 0200 0000 526f7773")), 0);

    assertThat(ok.changes()).isEmpty();
    assertThat(ok.status()).isEqualTo(Status.AUTOCOMMIT);
  }

  @Test
  void changesThatEndEarlyAreMalformed() {
    byte[] bytes = Script.bytes(TELLING);
    for (int length = 11; length < bytes.length; length++) {
      Bytes cut = Bytes.of(bytes).part(0, length);
      assertThatThrownBy(() -> Ok.decode(cut, Capability.SESSION_TRACK))
          .isInstanceOf(MalformedPacketException.class);
    }
  }

  @Test
  void errorIsReadWithAndWithoutItsState() throws MalformedPacketException {
    assertThat(Err.decode(Bytes.of(Script.bytes("ff 1504 23 3238303030 4e6f"))))
        .isEqualTo(new Err(1045, "28000", "No"));
    assertThat(Err.decode(Bytes.of(Script.bytes("ff 1004 546f6f"))))
        .isEqualTo(new Err(1040, "HY000", "Too"));
    assertThat(new Err(1045, "28000", "No").encode())
        .isEqualTo(Script.bytes("ff 1504 23 3238303030 4e6f"));
  }
}
