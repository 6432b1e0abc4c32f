package dev.regent.proxy.wire;

/**
 * Cuts what a server sends into packets, and shows them to a {@link Response}. Rows pass in pieces
 * as they come; what decides something is waited for, within a bound.
 */
public final class ResponseStream {
  /** Nothing that decides is longer: an OK tells of some variables, an error has 512 bytes. */
  private static final int DECIDING_MAX = 1 << 20;

  /** Where a header has the packet's number. */
  private static final int SEQUENCE = 3;

  /** Who gets the pieces. */
  public interface Sink {
    /** These bytes concern the client alone. */
    void pass(int from, int to);

    /** Whether rows are of interest. */
    default boolean sums() {
      return false;
    }

    /** Bytes that are a row, or a piece of one, if they are of interest; told before they pass. */
    default void row(byte[] bytes, int from, int to) {}

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
    int length = in.length();
    boolean sums = sink.sums();
    if (left > length && !(row && sums)) {
      // The middle of something long.
      left -= length;
      pass(sink, 0, length);
      return length;
    }
    // Looked at many times, byte by byte.
    byte[] bytes = in.array();
    int at = 0;
    int passed = 0;
    while (true) {
      int piece = Math.min(left, length - at);
      if (row && sums && piece > 0) {
        sink.row(bytes, at, at + piece);
      }
      at += piece;
      left -= piece;
      int there = length - at;
      if (left > 0 || there < PacketWriter.HEADER || (response.over() && !continued)) {
        break;
      }
      int packet = PacketReader.int3(bytes, at);
      if (continued) {
        begin(bytes, at, packet);
        at += PacketWriter.HEADER;
        continue;
      }
      if (packet == 0) {
        throw new MalformedPacketException("an empty packet in a response");
      }
      if (there == PacketWriter.HEADER) {
        break;
      }
      if (!response.mustSee(bytes[at + PacketWriter.HEADER] & 0xff, packet)) {
        row = response.inRows();
        response.skip();
        begin(bytes, at, packet);
        at += PacketWriter.HEADER;
        continue;
      }
      if (packet > DECIDING_MAX) {
        throw new MalformedPacketException("a packet of " + packet + " bytes where few are due");
      }
      int end = at + PacketWriter.HEADER + packet;
      if (length < end) {
        break;
      }
      sequence = bytes[at + SEQUENCE] & 0xff;
      row = false;
      pass(sink, passed, at);
      Bytes whole = Bytes.of(bytes, at + PacketWriter.HEADER, end);
      sink.heard(response.see(whole), whole, at, end);
      at = end;
      passed = end;
    }
    pass(sink, passed, at);
    return at;
  }

  /** A packet that is not looked into, or one that goes on with it, begins with this header. */
  private void begin(byte[] bytes, int at, int length) {
    sequence = bytes[at + SEQUENCE] & 0xff;
    continued = length == PacketWriter.PACKET_MAX;
    left = length;
  }

  private static void pass(Sink sink, int from, int to) {
    if (to > from) {
      sink.pass(from, to);
    }
  }
}
