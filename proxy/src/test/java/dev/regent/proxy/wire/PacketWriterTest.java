package dev.regent.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketWriterTest {
  @Test
  void packetBeginsWithLengthAndNumber() {
    assertThat(new PacketWriter().int1(0x0e).packet(3)).isEqualTo(Script.bytes("010000 03 0e"));
  }

  @Test
  void longPayloadIsContinued() {
    byte[] framed = PacketWriter.frame(new byte[PacketWriter.PACKET_MAX + 2], 255);

    assertThat(framed).hasSize(PacketWriter.PACKET_MAX + 2 + 8).startsWith(0xff, 0xff, 0xff, 255);
    assertThat(Bytes.of(framed).copy(4 + PacketWriter.PACKET_MAX, framed.length))
        .isEqualTo(Script.bytes("020000 00 0000"));
  }

  @Test
  void payloadThatFillsItsPacketIsFollowedByAnEmptyOne() {
    byte[] framed = PacketWriter.frame(new byte[PacketWriter.PACKET_MAX], 0);

    assertThat(framed).hasSize(PacketWriter.PACKET_MAX + 8).endsWith(0, 0, 0, 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 250, 251, 0xffff, 0x10000, 0xff_ffff, 0x100_0000, Long.MAX_VALUE, -1})
  void numberIsReadAsItWasWritten(long value) throws MalformedPacketException {
    PacketReader in =
        new PacketReader(Bytes.of(new PacketWriter().lengthEncoded(value).int1(7).payload()));

    assertThat(in.lengthEncoded()).isEqualTo(value);
    assertThat(in.int1()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fc 01", "fd 0101", "fe 01020304050607", "fb", "ff"})
  void numberThatEndsEarlyIsMalformed(String hex) {
    assertThatThrownBy(() -> new PacketReader(Bytes.of(Script.bytes(hex))).lengthEncoded())
        .isInstanceOf(MalformedPacketException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"02 61", "fe ffffffffffffffff 61", "fd ffffff 61"})
  void partLongerThanThePacketIsMalformed(String hex) {
    assertThatThrownBy(() -> new PacketReader(Bytes.of(Script.bytes(hex))).lengthEncodedText())
        .isInstanceOf(MalformedPacketException.class);
  }

  @Test
  void textWithoutItsEndIsMalformed() {
    assertThatThrownBy(() -> new PacketReader(Bytes.of((byte) 'a')).textToZero())
        .isInstanceOf(MalformedPacketException.class);
  }
}
