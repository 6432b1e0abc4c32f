package dev.regent.proxy.session;

/** Framed bytes that go out as they are. */
public final class Packet {
  private final byte[] bytes;

  Packet(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Not a copy. */
  public byte[] bytes() {
    return bytes;
  }
}
