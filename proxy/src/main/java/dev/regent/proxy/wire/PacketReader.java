package dev.regent.proxy.wire;

import java.nio.charset.StandardCharsets;

/** Reads one packet's payload from front to back. Each method fails where the packet ends early. */
public final class PacketReader {
  private final Bytes bytes;
  private final int end;
  private int at;

  public PacketReader(Bytes bytes) {
    this(bytes, 0, bytes.length());
  }

  public PacketReader(Bytes bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /** Three bytes of an array as a number: a packet's length, as its header says it. */
  static int int3(byte[] bytes, int at) {
    return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16;
  }

  /** The index of what is read next, in the bytes that this reader was made for. */
  public int position() {
    return at;
  }

  public int remaining() {
    return end - at;
  }

  public int int1() throws MalformedPacketException {
    need(1);
    return bytes.at(at++);
  }

  public int int2() throws MalformedPacketException {
    return (int) number(2);
  }

  public int int3() throws MalformedPacketException {
    return (int) number(3);
  }

  /** Unsigned. */
  public long int4() throws MalformedPacketException {
    return number(4);
  }

  /** All 64 bits; a value above {@link Long#MAX_VALUE} comes out negative. */
  public long int8() throws MalformedPacketException {
    return number(8);
  }

  /** A number whose first byte tells its length. */
  public long lengthEncoded() throws MalformedPacketException {
    int first = int1();
    return switch (first) {
      case 0xfb, 0xff -> throw new MalformedPacketException("a length that begins with " + first);
      case 0xfc -> number(2);
      case 0xfd -> number(3);
      case 0xfe -> number(8);
      default -> first;
    };
  }

  public void skip(int count) throws MalformedPacketException {
    need(count);
    at += count;
  }

  public byte[] bytes(int count) throws MalformedPacketException {
    need(count);
    byte[] copy = bytes.copy(at, at + count);
    at += count;
    return copy;
  }

  public byte[] lengthEncodedBytes() throws MalformedPacketException {
    return bytes(lengthWithin(lengthEncoded()));
  }

  public byte[] bytesToZero() throws MalformedPacketException {
    int zero = at;
    while (zero < end && bytes.at(zero) != 0) {
      zero++;
    }
    if (zero == end) {
      throw new MalformedPacketException("a text without its end");
    }
    byte[] copy = bytes.copy(at, zero);
    at = zero + 1;
    return copy;
  }

  public byte[] rest() {
    byte[] copy = bytes.copy(at, end);
    at = end;
    return copy;
  }

  public String text(int count) throws MalformedPacketException {
    return utf8(bytes(count));
  }

  public String lengthEncodedText() throws MalformedPacketException {
    return utf8(lengthEncodedBytes());
  }

  public String textToZero() throws MalformedPacketException {
    return utf8(bytesToZero());
  }

  public String restText() {
    return utf8(rest());
  }

  /** A reader of the next part alone, whose length comes first; this one goes on behind it. */
  public PacketReader lengthEncodedPart() throws MalformedPacketException {
    int length = lengthWithin(lengthEncoded());
    need(length);
    PacketReader part = new PacketReader(bytes, at, at + length);
    at += length;
    return part;
  }

  private long number(int size) throws MalformedPacketException {
    need(size);
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (long) bytes.at(at++) << (8 * i);
    }
    return value;
  }

  private int lengthWithin(long length) throws MalformedPacketException {
    if (length < 0 || length > remaining()) {
      throw new MalformedPacketException(
          "a part of "
              + Long.toUnsignedString(length)
              + " bytes where "
              + remaining()
              + " are left");
    }
    return (int) length;
  }

  private void need(int count) throws MalformedPacketException {
    if (count > remaining()) {
      throw new MalformedPacketException(
          "the packet ends after " + remaining() + " bytes where " + count + " are needed");
    }
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
