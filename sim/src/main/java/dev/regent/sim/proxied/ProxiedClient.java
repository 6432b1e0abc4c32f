package dev.regent.sim.proxied;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.sim.kernel.Alarm;
import dev.regent.sim.kernel.Connection;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.Network;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.load.DirectClient;
import dev.regent.sim.load.SimClient;
import dev.regent.sim.load.Writes;
import dev.regent.sim.proxied.Ledger.Happening;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * An application behind the proxy: writes rows, alone or in transactions, reads again what it was
 * told to be there, and sets a variable now and then. Each row is sent once; what it is told it
 * believes.
 */
public final class ProxiedClient {
  private static final long DIAL_MAX = 2 * Kernel.SECOND;
  private static final long RETRY = 50 * Kernel.MILLISECOND;

  /** Between two statements of a transaction, at most. */
  private static final long THINKING = 20 * Kernel.MILLISECOND;

  /** A client's kernel asks now and then whether the other end is still there. */
  private static final long KEEPALIVE = 5 * Kernel.SECOND;

  private static final List<String> MODES = List.of("ANSI", "TRADITIONAL", "STRICT_ALL_TABLES");
  private static final int REMEMBERED = 50;
  private static final int DUPLICATE = 1062;
  private static final int DEADLOCK = 1213;
  private static final int READ_ONLY_MODE = 1836;
  private static final int KILLED = 1927;
  private static final int LOST = 2013;
  private static final int UNKNOWN_STATEMENT = 1243;
  private static final int TYPES_MISSING = 1210;

  private final SimProcess process;
  private final Kernel kernel;
  private final Dice dice;
  private final SimProxy proxy;
  private final Ledger ledger;
  private final Writes writes;
  private final Consumer<Writes.Write> told;
  private final LongPredicate promised;
  private final SimClient.Habits habits;
  private final long patience;
  private final Reader reader;
  private final Preparer preparer;
  private final Visit visit;
  private final List<Long> mine = new ArrayList<>();
  private final Queue<String> plan = new ArrayDeque<>();
  private Answers answers = new Answers(0);
  private @Nullable Connection connection;
  private @Nullable Consumer<byte[]> toProxy;
  private Alarm limit = Alarm.past();
  private Alarm keepAlive = Alarm.past();
  private Alarm thinking = Alarm.past();
  private String asked = "";
  private boolean loggedIn;
  private boolean transaction;
  private boolean commitSent;
  private boolean stopped;
  private long row;
  private long sentAt;
  private long successes;

  /**
   * @param promised whether an acknowledged row must be there
   * @param patience for an answer, in nanoseconds
   */
  public ProxiedClient(
      SimProcess process,
      Kernel kernel,
      Dice dice,
      SimProxy proxy,
      Writes writes,
      Consumer<Writes.Write> told,
      LongPredicate promised,
      SimClient.Habits habits,
      long patience,
      Way way) {
    this.process = process;
    this.kernel = kernel;
    this.dice = dice;
    this.proxy = proxy;
    this.ledger = proxy.ledger();
    this.writes = writes;
    this.told = told;
    this.promised = promised;
    this.habits = habits;
    this.patience = patience;
    this.reader = new Reader(way, dice.of("reads"));
    this.visit = new Visit(dice.of("visits"), proxy.lot().pools());
    this.preparer = new Preparer(dice.of("prepares"));
  }

  public void start() {
    rest();
  }

  public void stop() {
    stopped = true;
  }

  /** Writes that it was told to be done. */
  public long successes() {
    return successes;
  }

  /** What it waits for; empty if it does not. */
  public String waitsFor() {
    return asked;
  }

  private void rest() {
    process.after(reader.rest(dice.below(habits.pause())), this::work);
  }

  private void work() {
    if (stopped) {
      return;
    }
    if (!loggedIn) {
      dial();
      return;
    }
    if (visit.ends()) {
      leave();
    } else {
      choose();
    }
    ask(plan.remove());
  }

  /** In the middle of a transaction, now and then: nothing of it may be left. */
  private void leave() {
    row = 0;
    commitSent = false;
    sentAt = kernel.now();
    transaction = visit.endsInTransaction();
    if (transaction) {
      plan.add("BEGIN");
      plan.add(insert());
    }
    plan.add(Visit.QUIT);
  }

  private void quit() {
    Connection over = connection;
    if (over != null) {
      send(new PacketWriter().int1(Command.QUIT.code()).packet(0));
      over.client().close();
    }
    over(Writes.Answer.FAIL);
  }

  /** A new session is as all of them are in the beginning. */
  private void begun() {
    loggedIn = true;
    row = 0;
    transaction = false;
    plan.addAll(visit.begins());
    if (plan.isEmpty()) {
      rest();
    } else {
      ask(plan.remove());
    }
  }

  private void choose() {
    row = 0;
    transaction = false;
    commitSent = false;
    sentAt = kernel.now();
    if (reader.readsNow()) {
      read(mine.getLast());
      return;
    }
    int kind = (int) dice.below(20);
    if (kind < 9) {
      plan.add(insert());
    } else if (kind < 15) {
      transaction = true;
      plan.add("BEGIN");
      plan.add(insert());
      plan.add(dice.chance(0.2) ? "ROLLBACK" : "COMMIT");
    } else if (kind < 18 && !mine.isEmpty()) {
      read(dice.pick(mine));
    } else if (kind < 19) {
      plan.add("SELECT @@sql_mode");
    } else {
      plan.add("SET sql_mode='" + dice.pick(MODES) + "'");
    }
  }

  private void read(long usual) {
    plan.addAll(reader.plan(usual));
    transaction = plan.size() > 1;
  }

  private String insert() {
    row = writes.newRow();
    return "INSERT INTO t VALUES (" + row + ", " + habits.domain(dice) + ")";
  }

  // --- the connection

  private void dial() {
    Runnable[] giveUp = {() -> {}};
    Alarm dialing =
        process.after(
            DIAL_MAX,
            () -> {
              giveUp[0].run();
              process.after(RETRY, this::work);
            });
    giveUp[0] =
        proxy
            .network()
            .connect(
                process,
                proxy,
                Network.attempt(
                    c -> {
                      dialing.cancel();
                      connected(c);
                    },
                    () -> {
                      dialing.cancel();
                      process.after(RETRY, this::work);
                    }));
  }

  private void connected(Connection fresh) {
    long capabilities = Capability.PLUGIN_AUTH | Capability.TRANSACTIONS;
    capabilities |= dice.chance(0.5) ? Capability.DEPRECATE_EOF : 0;
    capabilities |= dice.chance(0.5) ? Capability.SESSION_TRACK : 0;
    answers = new Answers(capabilities);
    connection = fresh;
    asked = "LOGIN";
    preparer.begins();
    fresh.client().onLost(() -> lost(fresh));
    waitFor(fresh);
    fresh.client().send(() -> toProxy = proxy.open(fresh, bytes -> hears(fresh, bytes), reader));
  }

  private void waitFor(Connection on) {
    limit.cancel();
    limit =
        process.after(
            patience,
            () -> {
              on.client().close();
              ledger.saw(Happening.LEFT);
              over(unanswered());
            });
    keepAlive.cancel();
    keepAlive = process.after(KEEPALIVE, () -> keepAlive(on));
  }

  private void keepAlive(Connection on) {
    if (connection == on && !asked.isEmpty()) {
      on.client().send(() -> {});
      keepAlive = process.after(KEEPALIVE, () -> keepAlive(on));
    }
  }

  private void send(byte[] bytes) {
    Connection over = connection;
    if (over != null) {
      over.client()
          .send(() -> {
            Consumer<byte[]> to = toProxy;
            if (to != null) {
              to.accept(bytes);
            }
          });
    }
  }

  private void ask(String sql) {
    Connection over = connection;
    asked = sql;
    if (sql.equals(Visit.QUIT)) {
      quit();
      return;
    }
    if (over == null || !over.client().open()) {
      over(Writes.Answer.FAIL);
      return;
    }
    commitSent |= sql.equals("COMMIT");
    waitFor(over);
    send(preparer.say(sql, answers));
  }

  private void lost(Connection old) {
    if (connection == old) {
      if (!asked.isEmpty()) {
        ledger.saw(Happening.LEFT);
      }
      over(unanswered());
    }
  }

  /** What may be there now, if no answer comes any more. */
  private Writes.Answer unanswered() {
    return transaction && !commitSent ? Writes.Answer.FAIL : Writes.Answer.UNKNOWN;
  }

  /** The connection is gone, and this became of the row that was under way in it. */
  private void over(Writes.Answer answer) {
    boolean idle = asked.isEmpty() && plan.isEmpty();
    connection = null;
    loggedIn = false;
    limit.cancel();
    thinking.cancel();
    asked = "";
    plan.clear();
    if (!idle) {
      end(answer);
      process.after(RETRY, this::work);
    }
  }

  // --- answers

  private void hears(Connection on, byte[] bytes) {
    if (connection != on) {
      return;
    }
    try {
      answers.hear(bytes).ifPresent(this::answered);
    } catch (MalformedPacketException e) {
      proxy.judge().broken("protocol", asked + " was answered with nonsense: " + e.getMessage());
    }
  }

  private void answered(Answers.Answer answer) {
    switch (answer) {
      case Answers.Answer.Greeted greeted -> send(answers.login(greeted.greeting()));
      case Answers.Answer.Failed failed -> failed(failed.err());
      case Answers.Answer.Done done -> done();
      case Answers.Answer.Prepared prepared -> {
        Connection over = connection;
        if (over != null) {
          waitFor(over);
          send(preparer.prepared(prepared.statement(), asked, answers));
        }
      }
      case Answers.Answer.Result result -> {
        check(result.value());
        done();
      }
    }
  }

  private void done() {
    String sql = asked;
    asked = "";
    limit.cancel();
    if (sql.equals("LOGIN")) {
      begun();
      return;
    }
    visit.executed(sql);
    if (!plan.isEmpty()) {
      thinking = process.after(dice.below(THINKING), () -> ask(plan.remove()));
      return;
    }
    if (row != 0) {
      end(sql.equals("ROLLBACK") ? Writes.Answer.FAIL : Writes.Answer.OK);
    }
    rest();
  }

  private void check(String value) {
    ledger.saw(Happening.READ);
    visit
        .wrong(asked, value)
        .ifPresent(words -> proxy.judge().broken("a session stays as it is", words));
    if (asked.startsWith("SELECT v ") && value.isEmpty()) {
      missing(Long.parseLong(asked.substring(asked.indexOf('=') + 1)));
    }
  }

  private void missing(long read) {
    if (reader.isBehind()) {
      proxy
          .judge()
          .broken(
              "reads what was written",
              "row " + read + " is acknowledged, and a replica was read that has yet to apply it");
    } else if (!reader.mustFind()) {
      ledger.saw(Happening.READ_TOO_EARLY);
    } else if (promised.test(read)) {
      proxy.judge().broken("acknowledged is kept", "row " + read + " is not read any more");
    }
  }

  private void failed(Err err) {
    String sql = asked;
    boolean ends = err.code() == LOST || err.code() == KILLED || sql.equals("LOGIN");
    if (err.code() == DUPLICATE) {
      proxy.judge().broken("told truly", "row " + row + " was sent once, and is said to be there");
    }
    if (err.code() == UNKNOWN_STATEMENT || err.code() == TYPES_MISSING) {
      proxy
          .judge()
          .broken("a session stays as it is", "what it prepared is gone: " + err.message());
    }
    note(err);
    if (ends) {
      Connection old = connection;
      if (old != null) {
        old.client().close();
      }
      over(err.code() == LOST ? unanswered() : Writes.Answer.FAIL);
      return;
    }
    asked = "";
    limit.cancel();
    plan.clear();
    if (transaction && err.code() != DEADLOCK && !sql.equals("ROLLBACK")) {
      // Whatever is left of it goes.
      ask("ROLLBACK");
      return;
    }
    end(Writes.Answer.FAIL);
    rest();
  }

  private void note(Err err) {
    switch (err.code()) {
      case DEADLOCK -> ledger.saw(Happening.TOLD_ROLLED_BACK);
      case READ_ONLY_MODE -> ledger.saw(Happening.TOLD_HOLD_OVER);
      case LOST -> ledger.saw(Happening.TOLD_UNKNOWN);
      default -> {}
    }
  }

  private void end(Writes.Answer answer) {
    if (row == 0) {
      return;
    }
    long number = row;
    row = 0;
    ledger.told(number, answer);
    Optional<ServerId> server = ledger.committedBy(number);
    writes.add(
        new Writes.Write(
            number,
            answer,
            server.orElse(SimProxy.NOWHERE),
            DirectClient.NO_EPOCH,
            sentAt,
            kernel.now()));
    if (answer == Writes.Answer.OK) {
      successes++;
      mine.add(number);
      reader.acknowledged(number);
      if (mine.size() > REMEMBERED) {
        mine.removeFirst();
      }
      told.accept(writes.ended().getLast());
    }
  }
}
