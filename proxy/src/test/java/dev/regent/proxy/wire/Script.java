package dev.regent.proxy.wire;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** A stream of packets, written down as a test wants it. */
public final class Script {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int sequence;

  public Script(int firstSequence) {
    sequence = firstSequence;
  }

  public Script packet(byte[] payload) {
    bytes.writeBytes(PacketWriter.frame(payload, sequence));
    sequence += payload.length / PacketWriter.PACKET_MAX + 1;
    return this;
  }

  /** A payload in hexadecimal digits, with spaces where they help. */
  public Script hex(String payload) {
    return packet(bytes(payload));
  }

  public byte[] bytes() {
    return bytes.toByteArray();
  }

  public static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
