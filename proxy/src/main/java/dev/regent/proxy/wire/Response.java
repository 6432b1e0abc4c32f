package dev.regent.proxy.wire;

import dev.regent.core.model.Check;

/**
 * Follows one response packet by packet, to know where it ends. Rows and columns are counted or
 * skipped, never looked into.
 *
 * <p>For each packet: ask {@link #mustSee}; if it says no, call {@link #skip}, else hand the whole
 * packet to {@link #see}.
 */
public final class Response {
  private static final int OLD_EOF = 0xfe;
  private static final int FILE_WANTED = 0xfb;
  private static final int OLD_EOF_LENGTH_MAX = 8;
  private static final int OLD_EOF_LENGTH = 5;

  private enum Part {
    FIRST,
    COLUMNS,
    END_OF_COLUMNS,
    ROWS,
    PARAMETERS,
    END_OF_PARAMETERS,
    OVER
  }

  private final long capabilities;
  private final Command.Shape shape;
  private Part part = Part.FIRST;
  private long left;
  private long columnsLater;

  public Response(Command.Shape shape, long capabilities) {
    Check.that(shape != Command.Shape.NONE, "there is no response to follow");
    this.shape = shape;
    this.capabilities = capabilities;
    if (shape == Command.Shape.ROWS) {
      part = Part.ROWS;
    }
  }

  public boolean over() {
    return part == Part.OVER;
  }

  /** Whether a packet that need not be seen is a row now, not a description of one. */
  boolean inRows() {
    return part == Part.ROWS;
  }

  /**
   * Whether the packet decides something.
   *
   * @param first its first byte
   * @param length its length; of a packet that is continued, that of its first part
   */
  public boolean mustSee(int first, int length) {
    if (first == Err.FIRST_BYTE && length < PacketWriter.PACKET_MAX) {
      return true;
    }
    return switch (part) {
      case FIRST, END_OF_COLUMNS, END_OF_PARAMETERS, OVER -> true;
      case COLUMNS, PARAMETERS -> false;
      case ROWS -> first == OLD_EOF && length < rowEndMax();
    };
  }

  /** A row or a column passes. */
  public void skip() {
    if (part == Part.COLUMNS && --left == 0) {
      afterColumns();
    } else if (part == Part.PARAMETERS && --left == 0) {
      if (deprecated()) {
        afterParameters();
      } else {
        part = Part.END_OF_PARAMETERS;
      }
    }
  }

  /** A packet that decides something; malformed where it can be no part of this response. */
  public Heard see(Bytes packet) throws MalformedPacketException {
    int first = new PacketReader(packet).int1();
    if (first == Err.FIRST_BYTE && shape != Command.Shape.TEXT) {
      return failed(packet);
    }
    return switch (part) {
      case FIRST -> first(first, packet);
      case ROWS -> endOfRows(packet);
      case END_OF_COLUMNS -> endOfColumns(packet);
      case END_OF_PARAMETERS -> {
        int status = oldEnd(packet);
        afterParameters();
        yield new Heard.End(status);
      }
      case COLUMNS, PARAMETERS, OVER ->
          throw new MalformedPacketException("a packet that no response has, in its " + part);
    };
  }

  private Heard first(int first, Bytes packet) throws MalformedPacketException {
    return switch (shape) {
      case TEXT -> {
        part = Part.OVER;
        yield new Heard.Text();
      }
      case OK -> first == 0 || first == OLD_EOF ? endOfRows(packet) : strange(first);
      case PREPARED -> first == 0 ? prepared(packet) : strange(first);
      case RESULTS ->
          switch (first) {
            case 0 -> done(packet);
            case FILE_WANTED -> new Heard.FileWanted();
            case OLD_EOF -> strange(first);
            default -> columns(packet);
          };
      case ROWS, NONE -> throw new MalformedPacketException("no first packet is due");
    };
  }

  private static Heard strange(int first) throws MalformedPacketException {
    throw new MalformedPacketException("a response that begins with " + first);
  }

  private Heard failed(Bytes packet) throws MalformedPacketException {
    Err err = Err.decode(packet);
    if (err.code() == Err.PROGRESS && Capability.has(capabilities, Capability.PROGRESS)) {
      return new Heard.Passing();
    }
    part = Part.OVER;
    return new Heard.Failed(err);
  }

  private Heard columns(Bytes packet) throws MalformedPacketException {
    PacketReader in = new PacketReader(packet);
    left = in.lengthEncoded();
    boolean follow =
        !Capability.has(capabilities, Capability.CACHE_METADATA)
            || in.remaining() == 0
            || in.int1() != 0;
    if (left <= 0 || left > 0xffff) {
      throw new MalformedPacketException(Long.toUnsignedString(left) + " columns");
    }
    part = Part.COLUMNS;
    if (!follow) {
      afterColumns();
    }
    return new Heard.Passing();
  }

  private void afterColumns() {
    boolean prepared = shape == Command.Shape.PREPARED;
    if (deprecated()) {
      part = prepared ? Part.OVER : Part.ROWS;
    } else {
      part = Part.END_OF_COLUMNS;
    }
  }

  private Heard endOfColumns(Bytes packet) throws MalformedPacketException {
    int status = oldEnd(packet);
    // A cursor keeps its rows until they are fetched.
    boolean over = shape == Command.Shape.PREPARED || Status.has(status, Status.CURSOR_EXISTS);
    part = over ? Part.OVER : Part.ROWS;
    return new Heard.End(status);
  }

  private Heard endOfRows(Bytes packet) throws MalformedPacketException {
    if (packet.at(0) == 0 || (deprecated() && packet.length() != OLD_EOF_LENGTH)) {
      return done(packet);
    }
    int status = oldEnd(packet);
    resultOver(status);
    return new Heard.End(status);
  }

  private Heard done(Bytes packet) throws MalformedPacketException {
    Ok ok = Ok.decode(packet, capabilities);
    resultOver(ok.status());
    return new Heard.Done(ok);
  }

  private void resultOver(int status) {
    boolean more = shape == Command.Shape.RESULTS && Status.has(status, Status.MORE_RESULTS);
    part = more ? Part.FIRST : Part.OVER;
  }

  private Heard prepared(Bytes packet) throws MalformedPacketException {
    PacketReader in = new PacketReader(packet);
    in.skip(1);
    long statement = in.int4();
    columnsLater = in.int2();
    int parameters = in.int2();
    left = parameters;
    if (left > 0) {
      part = Part.PARAMETERS;
    } else {
      afterParameters();
    }
    return new Heard.Prepared(statement, parameters);
  }

  private void afterParameters() {
    left = columnsLater;
    part = left > 0 ? Part.COLUMNS : Part.OVER;
  }

  private static int oldEnd(Bytes packet) throws MalformedPacketException {
    PacketReader in = new PacketReader(packet);
    if (in.int1() != OLD_EOF || packet.length() > OLD_EOF_LENGTH_MAX) {
      throw new MalformedPacketException("an end was due, not " + packet.at(0));
    }
    in.skip(2);
    return in.int2();
  }

  private boolean deprecated() {
    return Capability.has(capabilities, Capability.DEPRECATE_EOF);
  }

  private int rowEndMax() {
    return deprecated() ? PacketWriter.PACKET_MAX : OLD_EOF_LENGTH_MAX + 1;
  }
}
