package dev.regent.proxy.session;

import dev.regent.proxy.seen.Counters;
import dev.regent.proxy.text.Statement;
import dev.regent.proxy.wire.Command;
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
 * writes, and never gets what it does not have then. A server that has only started again may have
 * lost what another one has, or have what nobody else has: it is not asked before it takes writes,
 * and a row that is found is changed, so that whoever must acknowledge commits has acknowledged
 * this one too.
 */
final class Tokens {
  private final State state;
  private final Links links;
  private final Router router;
  private final String session;

  Tokens(State state, Links links, Router router, Seed seed) {
    this.state = state;
    this.links = links;
    this.router = router;
    this.session = HexFormat.of().formatHex(seed.bytes());
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
            + name(table.get())
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

  /** As it is, whatever words it is made of. */
  private static String name(String table) {
    return "`" + table.replace(".", "`.`") + "`";
  }

  /** What a fresh connection is asked, when a commit is in doubt. */
  List<Errand> questions() {
    String table = name(state.settings.replaying().tokens().orElseThrow());
    String mine = " WHERE session='" + session + "' AND number=" + state.inDoubt.orElseThrow();
    return List.of(
        // Whoever waited for the row must see it as it is then.
        new Errand.Say("SET TRANSACTION ISOLATION LEVEL READ COMMITTED"),
        new Errand.Say("START TRANSACTION"),
        new Errand.Ask(Errand.Topic.TOKENS, "SELECT COUNT(*) FROM " + table + mine + " FOR UPDATE"),
        new Errand.Say("UPDATE " + table + " SET at=at+INTERVAL 1 SECOND" + mine),
        new Errand.Say("COMMIT"),
        new Errand.Ask(Errand.Topic.POSITIONS, "SELECT @@GLOBAL.gtid_binlog_pos"));
  }

  /** The questions are answered. */
  void decided() {
    Optional<Boolean> found = state.way.found;
    if (found.isEmpty()) {
      links.endWith(Trouble.unknownOutcome(), 1);
      return;
    }
    boolean committed = found.get();
    state.inDoubt = OptionalLong.empty();
    state.counters.count(Counters.Name.DECIDED, committed ? "committed" : "rolled back");
    if (committed) {
      state.again = Optional.empty();
      state.forgetTransaction();
      router.wrote();
      state.say(PacketWriter.frame(Ok.encode(state.way.status), 1));
      state.idle();
    } else {
      // From its beginning, on a connection that knows nothing of what came after that.
      links.drop(state.way);
      links.losses().takenBack();
    }
  }

  /** The server has taken back the transaction that was to be marked. */
  void broken() {
    if (state.inDoubt.isEmpty() && !state.transcript.attempt()) {
      links.drop(state.way);
      links.losses().mourn(Transcript.Refusal.TOO_OFTEN);
      state.idle();
    } else {
      links.abandon(state.way);
    }
  }
}
