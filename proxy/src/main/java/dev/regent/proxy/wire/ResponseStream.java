package dev.regent.proxy.wire;

/**
 * Cuts what a server sends into packets, and shows them to a {@link Response}. Rows pass in pieces
 * as they come; what decides something is waited for, within a bound.
 */
public final class ResponseStream {
  /** Nothing that decides is longer: an OK tells of some variables, an error has 512 bytes. */
  private static final int DECIDING_MAX = 1 << 20;

  /** Who gets the pieces. */
  public interface Sink {
    /** These bytes concern the client alone. */
    void pass(int from, int to);

    /** Those of them that are a row, or a piece of one; told before they pass. */
    default void row(int from, int to) {}

    /**
     * A whole packet that decides something: {@code from} is its header, {@code to} its end. It is
     * not passed otherwise.
     */
    void heard(Heard heard, Bytes packet, int from, int to) throws MalformedPacketException;
  }

  private int left;
  private boolean continued;
  private boolean row;
  private int sequence;

  /** Whether a packet has begun that is not at its end. */
  public boolean insidePacket() {
    return left > 0 || continued;
  }

  /** The number of the last packet that has begun. */
  public int sequence() {
    return sequence;
  }

  /**
   * Reads on until the response is over or the bytes are not enough.
   *
   * @return how many bytes were used; the rest is to be shown again, with what comes after it
   */
  public int read(Bytes in, Response response, Sink sink) throws MalformedPacketException {
    int at = 0;
    int passed = 0;
    while (true) {
      int piece = Math.min(left, in.length() - at);
      if (row && piece > 0) {
        sink.row(at, at + piece);
      }
      at += piece;
      left -= piece;
      if (left > 0 || in.length() - at < PacketWriter.HEADER || (response.over() && !continued)) {
        break;
      }
      int length = in.at(at) | in.at(at + 1) << 8 | in.at(at + 2) << 16;
      if (continued) {
        sequence = in.at(at + 3);
        continued = length == PacketWriter.PACKET_MAX;
        left = length;
        at += PacketWriter.HEADER;
        continue;
      }
      if (length == 0) {
        throw new MalformedPacketException("an empty packet in a response");
      }
      if (in.length() - at == PacketWriter.HEADER) {
        break;
      }
      if (!response.mustSee(in.at(at + PacketWriter.HEADER), length)) {
        sequence = in.at(at + 3);
        row = response.inRows();
        response.skip();
        continued = length == PacketWriter.PACKET_MAX;
        left = length;
        at += PacketWriter.HEADER;
        continue;
      }
      if (length > DECIDING_MAX) {
        throw new MalformedPacketException("a packet of " + length + " bytes where few are due");
      }
      int end = at + PacketWriter.HEADER + length;
      if (in.length() < end) {
        break;
      }
      sequence = in.at(at + 3);
      row = false;
      pass(sink, passed, at);
      Bytes packet = in.part(at + PacketWriter.HEADER, end);
      sink.heard(response.see(packet), packet, at, end);
      at = end;
      passed = end;
    }
    pass(sink, passed, at);
    return at;
  }

  private static void pass(Sink sink, int from, int to) {
    if (to > from) {
      sink.pass(from, to);
    }
  }
}
