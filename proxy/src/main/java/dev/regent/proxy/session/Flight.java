package dev.regent.proxy.session;

import dev.regent.proxy.seen.Kill;
import dev.regent.proxy.text.Statement;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Response;
import dev.regent.proxy.wire.ResponseStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** A command that is on its way: what it was, and how far its response is. */
final class Flight {
  /** Nobody knows whether it took effect; or it certainly did not; or it does not matter. */
  enum Loss {
    UNKNOWN,
    ROLLED_BACK,
    HARMLESS
  }

  private static final int DEFINITION_MAX = 64 << 10;
  private static final Pattern DEFINITION =
      Pattern.compile("(?i)(CREATE|ALTER|DROP|TRUNCATE|RENAME)\\b");

  private final Command command;
  private final Statement statement;
  private final boolean inTransaction;
  private final long capabilities;
  private final Response response;
  private final ResponseStream stream = new ResponseStream();
  private Optional<Prepared.One> prepared = Optional.empty();
  private Optional<byte[]> packet = Optional.empty();
  private Optional<Digest> digest = Optional.empty();
  private OptionalLong token = OptionalLong.empty();
  private boolean begun;
  private boolean failed;
  private boolean opens;
  private int error;
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

  /** The same command on another link, where nothing of it is known. */
  Flight anew(boolean nowInTransaction) {
    Flight next = new Flight(command, statement, nowInTransaction, capabilities);
    next.prepared = prepared;
    next.opens = opens;
    next.packet = packet;
    next.digest = digest.map(old -> new Digest());
    return next;
  }

  /** The transaction that it ends has a token. */
  void ends(long marked) {
    token = OptionalLong.of(marked);
  }

  OptionalLong token() {
    return token;
  }

  /** The prepared statement that it names. */
  void names(Prepared.One one) {
    prepared = Optional.of(one);
  }

  /** As the link's server understands it. */
  byte[] outgoing(Link link) {
    byte[] whole = packet.orElseThrow();
    return prepared.map(one -> Execution.renumbered(whole, link.numberOf(one))).orElse(whole);
  }

  Optional<Prepared.One> prepared() {
    return prepared;
  }

  /** It failed, and whether a transaction is open now is not known: errors have no status. */
  boolean hidesTransaction() {
    boolean plain =
        statement.kind() == Statement.Kind.READ || statement.kind() == Statement.Kind.CHANGE;
    return failed && !leavesTransactionsAlone() && (inTransaction || !plain);
  }

  /**
   * A server that refuses it has done nothing of it. A procedure may have done a part, and
   * committed it; so of what is not understood only definitions count.
   */
  boolean didNothingIfRefused() {
    return statement.kind() != Statement.Kind.OTHER
        || (command == Command.QUERY && !inTransaction && isDefinition());
  }

  private boolean isDefinition() {
    byte[] whole = packet.orElseGet(() -> new byte[0]);
    int from = PacketWriter.HEADER + 1;
    if (whole.length <= from || whole.length > DEFINITION_MAX) {
      return false;
    }
    String text = new String(whole, from, whole.length - from, StandardCharsets.ISO_8859_1).strip();
    int separator = text.indexOf(';');
    return DEFINITION.matcher(text).lookingAt()
        && (separator < 0 || separator == text.length() - 1)
        && !text.contains("/*");
  }

  /** It is not committed by itself: it would be the first one of a transaction. */
  void opens() {
    opens = true;
  }

  /** What the client learns is summed up from now on. */
  void sumUp() {
    digest = Optional.of(new Digest());
  }

  Optional<Digest> digest() {
    return digest;
  }

  /** It begins a transaction, and does nothing else but to end one that is open. */
  boolean begins() {
    return statement.kind() == Statement.Kind.BEGIN
        || statement.kind() == Statement.Kind.BEGIN_READ_ONLY;
  }

  /** Whatever comes of it, a transaction is afterwards as it was before. */
  boolean leavesTransactionsAlone() {
    return switch (command) {
      case PING, STATISTICS, FIELD_LIST, PREPARE, RESET, SET_OPTION -> true;
      default -> false;
    };
  }

  /** It kills something, by the number that the client wrote. */
  void killing(Kill what) {
    kill = Optional.of(what);
  }

  Optional<Kill> kill() {
    return kill;
  }

  /** The server said that it failed. */
  void fail(int code) {
    failed = true;
    error = code;
  }

  /** The number that the server failed it with; 0 if it did not. */
  int error() {
    return error;
  }

  boolean succeeded() {
    return over() && !failed;
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
    if (inTransaction && !leavesTransactionsAlone()) {
      return switch (statement.kind()) {
        case READ, CHANGE -> Loss.ROLLED_BACK;
        // The transaction is taken back by the loss of it already.
        case ROLLBACK -> Loss.HARMLESS;
        case BEGIN, BEGIN_READ_ONLY, COMMIT, NEXT_TRANSACTION, SETTING, UNLOCK, OTHER ->
            Loss.UNKNOWN;
      };
    }
    if (leavesTransactionsAlone()) {
      return inTransaction ? Loss.ROLLED_BACK : Loss.HARMLESS;
    }
    return switch (command) {
      case INIT_DB, RESET_CONNECTION -> Loss.HARMLESS;
      default ->
          switch (statement.kind()) {
            case READ, BEGIN, BEGIN_READ_ONLY, ROLLBACK, NEXT_TRANSACTION, SETTING -> Loss.HARMLESS;
            case CHANGE -> opens ? Loss.HARMLESS : Loss.UNKNOWN;
            case COMMIT, UNLOCK, OTHER -> Loss.UNKNOWN;
          };
    };
  }
}
