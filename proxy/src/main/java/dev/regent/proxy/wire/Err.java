package dev.regent.proxy.wire;

/**
 * A statement, or a connection, failed.
 *
 * @param state empty: it is not told, as before a login
 */
public record Err(int code, String state, String message) {
  public static final int FIRST_BYTE = 0xff;

  /** Not an error but how far a long statement is (MariaDB); the response goes on. */
  public static final int PROGRESS = 0xffff;

  /** Reads a packet whose first byte was looked at; before the login it has no state. */
  public static Err decode(Bytes packet) throws MalformedPacketException {
    PacketReader in = new PacketReader(packet);
    in.skip(1);
    int code = in.int2();
    if (in.remaining() >= 6 && packet.at(in.position()) == '#') {
      in.skip(1);
      String state = in.text(5);
      return new Err(code, state, in.restText());
    }
    return new Err(code, "HY000", in.restText());
  }

  public byte[] encode() {
    String told = state.isEmpty() ? message : "#" + state + message;
    return new PacketWriter().int1(FIRST_BYTE).int2(code).text(told).payload();
  }
}
