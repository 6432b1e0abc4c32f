package dev.regent.proxy.wire;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a client may ask of a server, and what comes back. */
public enum Command {
  QUIT(0x01, Shape.NONE),
  INIT_DB(0x02, Shape.OK),
  QUERY(0x03, Shape.RESULTS),
  FIELD_LIST(0x04, Shape.ROWS),
  STATISTICS(0x09, Shape.TEXT),
  PROCESS_INFO(0x0a, Shape.RESULTS),
  PROCESS_KILL(0x0c, Shape.OK),
  DEBUG(0x0d, Shape.OK),
  PING(0x0e, Shape.OK),
  CHANGE_USER(0x11, Shape.OK),
  PREPARE(0x16, Shape.PREPARED),
  EXECUTE(0x17, Shape.RESULTS),
  LONG_DATA(0x18, Shape.NONE),
  CLOSE(0x19, Shape.NONE),
  RESET(0x1a, Shape.OK),
  SET_OPTION(0x1b, Shape.OK),
  FETCH(0x1c, Shape.ROWS),
  RESET_CONNECTION(0x1f, Shape.OK),
  BULK_EXECUTE(0xfa, Shape.RESULTS);

  /** How a response looks, as far as needed to find its end. An error ends each of them. */
  public enum Shape {
    /** There is no response. */
    NONE,
    /** One packet: OK, or the old EOF. */
    OK,
    /** One packet, whatever is in it. */
    TEXT,
    /** OK, rows with their columns before them, or a wish for a file; and then perhaps more. */
    RESULTS,
    /** Rows, or columns, without anything before them. */
    ROWS,
    /** A statement's number, its parameters and its columns. */
    PREPARED
  }

  private static final List<Optional<Command>> BY_CODE =
      IntStream.range(0, 256)
          .mapToObj(code -> Stream.of(values()).filter(c -> c.code == code).findFirst())
          .toList();

  private final int code;
  private final Shape shape;

  Command(int code, Shape shape) {
    this.code = code;
    this.shape = shape;
  }

  public int code() {
    return code;
  }

  public Shape shape() {
    return shape;
  }

  /** Empty for what the proxy does not pass on: it answers "unknown command", as a server may. */
  public static Optional<Command> of(int code) {
    return BY_CODE.get(code);
  }
}
