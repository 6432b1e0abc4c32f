package dev.regent.proxy.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes one packet's payload, and frames it. */
public final class PacketWriter {
  /** A packet this long is continued by the next one. */
  public static final int PACKET_MAX = 0xff_ffff;

  /** Length and sequence number, before every packet. */
  public static final int HEADER = 4;

  private byte[] bytes = new byte[64];
  private int size;

  public PacketWriter int1(int value) {
    return number(value, 1);
  }

  public PacketWriter int2(int value) {
    return number(value, 2);
  }

  public PacketWriter int3(int value) {
    return number(value, 3);
  }

  public PacketWriter int4(long value) {
    return number(value, 4);
  }

  public PacketWriter int8(long value) {
    return number(value, 8);
  }

  public PacketWriter lengthEncoded(long value) {
    if (value >= 0 && value < 0xfb) {
      return int1((int) value);
    }
    if (value >= 0 && value <= 0xffff) {
      return int1(0xfc).number(value, 2);
    }
    if (value >= 0 && value <= 0xff_ffff) {
      return int1(0xfd).number(value, 3);
    }
    return int1(0xfe).number(value, 8);
  }

  public PacketWriter bytes(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  public PacketWriter zeros(int count) {
    room(count);
    size += count;
    return this;
  }

  public PacketWriter lengthEncodedBytes(byte[] value) {
    return lengthEncoded(value.length).bytes(value);
  }

  public PacketWriter text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  public PacketWriter textToZero(String value) {
    return text(value).int1(0);
  }

  public PacketWriter lengthEncodedText(String value) {
    return lengthEncodedBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  public byte[] payload() {
    return Arrays.copyOf(bytes, size);
  }

  /** The payload as it goes over the wire, in as many packets as it needs. */
  public byte[] packet(int sequence) {
    return frame(payload(), sequence);
  }

  /**
   * A payload as it goes over the wire; one that fills its last packet is followed by an empty one.
   */
  public static byte[] frame(byte[] payload, int sequence) {
    int packets = payload.length / PACKET_MAX + 1;
    byte[] framed = new byte[payload.length + packets * HEADER];
    int from = 0;
    int to = 0;
    for (int i = 0; i < packets; i++) {
      int length = Math.min(PACKET_MAX, payload.length - from);
      framed[to] = (byte) length;
      framed[to + 1] = (byte) (length >> 8);
      framed[to + 2] = (byte) (length >> 16);
      framed[to + 3] = (byte) (sequence + i);
      System.arraycopy(payload, from, framed, to + HEADER, length);
      from += length;
      to += HEADER + length;
    }
    return framed;
  }

  /** Has the header of the one packet that this is say how long it has become. */
  public static void measure(byte[] framed) {
    int length = framed.length - HEADER;
    framed[0] = (byte) length;
    framed[1] = (byte) (length >> 8);
    framed[2] = (byte) (length >> 16);
  }

  private PacketWriter number(long value, int count) {
    room(count);
    for (int i = 0; i < count; i++) {
      bytes[size++] = (byte) (value >> (8 * i));
    }
    return this;
  }

  private void room(int count) {
    if (size + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + count));
    }
  }
}
