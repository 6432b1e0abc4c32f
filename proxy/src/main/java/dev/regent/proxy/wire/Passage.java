package dev.regent.proxy.wire;

/** A packet too long to be waited for, on its way through in pieces. */
public final class Passage {
  private int left;
  private boolean continued;

  /** A packet with this length in its header begins; the header itself is the caller's. */
  public void begin(int length) {
    left = length;
    continued = length == PacketWriter.PACKET_MAX;
  }

  public boolean over() {
    return left == 0 && !continued;
  }

  /** The index up to which the bytes from {@code from} on belong to the packet. */
  public int read(Bytes in, int from) {
    int at = from;
    while (true) {
      int piece = Math.min(left, in.length() - at);
      at += piece;
      left -= piece;
      if (left > 0 || !continued || in.length() - at < PacketWriter.HEADER) {
        return at;
      }
      begin(in.at(at) | in.at(at + 1) << 8 | in.at(at + 2) << 16);
      at += PacketWriter.HEADER;
    }
  }
}
