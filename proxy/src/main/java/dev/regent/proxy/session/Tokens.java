package dev.regent.proxy.session;

import dev.regent.proxy.seen.Counters;
import dev.regent.proxy.text.Statement;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Seed;
import dev.regent.proxy.wire.Status;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides what became of a COMMIT whose server was lost: before it leaves, a row with a number of
 * its own is written inside the transaction; the row is there afterwards if and only if the
 * transaction is.
 *
 * <p>The look is a locking one. On the same server a commit that is still under way holds the row,
 * and the look waits for its end; another server has executed all that it received before it takes
 * writes, and never gets what it does not have then.
 */
final class Tokens {
  /**
   * What the account may not do, or is not there, and a transaction that cannot write: the server
   * did nothing, and the transaction goes on without a token.
   */
  private static final List<Integer> HARMLESS =
      List.of(1044, 1049, 1054, 1142, 1143, 1146, 1792);

  private final State state;
  private final Links links;
  private final String session;

  Tokens(State state, Links links, Seed seed) {
    this.state = state;
    this.links = links;
    this.session = HexFormat.of().formatHex(seed.bytes());
  }

  /** A server that refuses a token so has left the transaction as it was. */
  static boolean isHarmless(Err err) {
    return HARMLESS.contains(err.code());
  }

  /** Whether the transaction gets its token now, before the command that ends it. */
  boolean marks(Command command, Statement statement) {
    Link way = state.way;
    Optional<String> table = state.settings.replaying().tokens();
    boolean commits =
        command == Command.QUERY
            && statement.kind() == Statement.Kind.COMMIT
            && way == state.primary
            && way.inTransaction()
            && state.transcript.writes();
    if (table.isEmpty() || !commits || way.token.isPresent()) {
      return false;
    }
    boolean readOnly = Status.has(way.status, Status.READ_ONLY_TRANSACTION);
    if (readOnly || way.unmarkable || links.tied().isPresent()) {
      state.counters.count(Counters.Name.DECIDED, "without a token");
      return false;
    }
    long number = ++state.tokens;
    String sql =
        "INSERT INTO "
            + table.get()
            + " (session,number) VALUES ('"
            + session
            + "',"
            + number
            + ") ON DUPLICATE KEY UPDATE number=VALUES(number),at=CURRENT_TIMESTAMP";
    links.errands(List.of(new Errand.Mark(sql, number)));
    return true;
  }

  boolean marks(Flight flight) {
    return marks(flight.command(), flight.statement());
  }

  /** It leaves over the way, and takes the token of the transaction there with it. */
  Flight leaving(Flight flight) {
    if (flight.statement().kind() == Statement.Kind.COMMIT) {
      state.way.token.ifPresent(flight::ends);
    }
    state.way.token = OptionalLong.empty();
    return flight;
  }

  /** What a fresh connection is asked, when a commit is in doubt. */
  List<Errand> questions() {
    String sql =
        "SELECT COUNT(*) FROM "
            + state.settings.replaying().tokens().orElseThrow()
            + " WHERE session='"
            + session
            + "' AND number="
            + state.inDoubt.orElseThrow()
            + " LOCK IN SHARE MODE";
    return List.of(
        new Errand.Ask(Errand.Topic.TOKENS, sql),
        new Errand.Ask(Errand.Topic.POSITIONS, "SELECT @@GLOBAL.gtid_binlog_pos"),
        // Without autocommit the look has begun a transaction.
        new Errand.Say("COMMIT"));
  }

  /** The questions are answered. */
  void decided() {
    boolean committed = state.way.found;
    state.inDoubt = OptionalLong.empty();
    state.counters.count(Counters.Name.DECIDED, committed ? "committed" : "rolled back");
    if (committed) {
      state.again = Optional.empty();
      state.forgetTransaction();
      links.wrote();
      state.say(PacketWriter.frame(Ok.encode(state.way.status), 1));
      state.idle();
    } else {
      // From its beginning, on a connection that knows nothing of what came after that.
      links.drop(state.way);
      links.losses().takenBack();
    }
  }
}
