package dev.regent.proxy.session;

import dev.regent.proxy.seen.Kill;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.Response;
import dev.regent.proxy.wire.ResponseStream;
import java.util.Optional;

/** A command that is on its way: what it was, and how far its response is. */
final class Flight {
  /** Nobody knows whether it took effect; or it certainly did not; or it does not matter. */
  enum Loss {
    UNKNOWN,
    ROLLED_BACK,
    HARMLESS
  }

  private final Command command;
  private final Statement statement;
  private final boolean inTransaction;
  private final long capabilities;
  private final Response response;
  private final ResponseStream stream = new ResponseStream();
  private Optional<byte[]> packet = Optional.empty();
  private boolean begun;
  private boolean failed;
  private Optional<Kill> kill = Optional.empty();

  Flight(Command command, Statement statement, boolean inTransaction, long capabilities) {
    this.command = command;
    this.statement = statement;
    this.inTransaction = inTransaction;
    this.capabilities = capabilities;
    this.response = new Response(command.shape(), capabilities);
  }

  /** The whole of it as it goes out, so that it can be sent again. */
  void keep(byte[] whole) {
    packet = Optional.of(whole);
  }

  static Statement look(Command command, Bytes packet) {
    return command == Command.QUERY ? Look.at(packet, 1, packet.length()) : Statement.OTHER;
  }

  /** It kills something, by the number that the client wrote. */
  void killing(Kill what) {
    kill = Optional.of(what);
  }

  Optional<Kill> kill() {
    return kill;
  }

  /** The server said that it failed. */
  void fail() {
    failed = true;
  }

  boolean succeeded() {
    return over() && !failed;
  }

  /** The same command on another link, where nothing of it is known. */
  Flight anew() {
    Flight next = new Flight(command, statement, false, capabilities);
    next.packet = packet;
    return next;
  }

  Command command() {
    return command;
  }

  Statement statement() {
    return statement;
  }

  Optional<byte[]> packet() {
    return packet;
  }

  boolean inTransaction() {
    return inTransaction;
  }

  Response response() {
    return response;
  }

  ResponseStream stream() {
    return stream;
  }

  /** Whether the client has some of the response. */
  boolean begun() {
    return begun;
  }

  void begin() {
    begun = true;
  }

  boolean over() {
    return response.over() && !stream.insidePacket();
  }

  /** What the loss of its server means, if the client has nothing of the response. */
  Loss loss() {
    if (inTransaction) {
      return switch (statement.kind()) {
        case READ, CHANGE, ROLLBACK -> Loss.ROLLED_BACK;
        case BEGIN, UNLOCK, OTHER -> Loss.UNKNOWN;
      };
    }
    return switch (command) {
      case PING, INIT_DB, STATISTICS, FIELD_LIST, RESET_CONNECTION -> Loss.HARMLESS;
      default ->
          switch (statement.kind()) {
            case READ, BEGIN, ROLLBACK -> Loss.HARMLESS;
            case CHANGE, UNLOCK, OTHER -> Loss.UNKNOWN;
          };
    };
  }
}
