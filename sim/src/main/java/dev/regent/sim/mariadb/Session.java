package dev.regent.sim.mariadb;

import dev.regent.core.model.Gtid;
import dev.regent.sim.commit.AckWatch;
import dev.regent.sim.commit.Waiter;
import dev.regent.sim.kernel.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection of a client, on the server: a row of the process list. */
public final class Session implements Waiter {
  private final long id;
  private final Account account;
  private final Connection connection;
  private String state = "";
  private boolean busy;
  private boolean killed;
  private boolean clientGone;
  private long statement;
  private @Nullable Waiting waiting;
  private boolean transaction;
  private final List<Statement.Write> uncommitted = new ArrayList<>();
  boolean logged = true;

  /** {@code gtid_seq_no} of its next transaction; 0 if the server shall choose. */
  long sequence;

  private Optional<Gtid> lastGtid = Optional.empty();
  private long lockWait = 86_400_000_000_000L;

  Session(long id, Account account, Connection connection) {
    this.id = id;
    this.account = account;
    this.connection = connection;
  }

  public long id() {
    return id;
  }

  public Account account() {
    return account;
  }

  /** {@code STATE}. */
  public String state() {
    return state;
  }

  public boolean waitsForAcknowledgement() {
    return state.equals(AckWatch.STATE);
  }

  /** {@code COMMAND} is not Sleep. */
  public boolean busy() {
    return busy;
  }

  public boolean killed() {
    return killed;
  }

  /** {@code QUERY_ID}. */
  public long statement() {
    return statement;
  }

  public boolean inTransaction() {
    return transaction;
  }

  /** Opens a transaction, or closes it; returns what was written in the one that was open. */
  List<Statement.Write> transaction(boolean open) {
    List<Statement.Write> written = List.copyOf(uncommitted);
    uncommitted.clear();
    transaction = open;
    return written;
  }

  void committed(Gtid gtid) {
    lastGtid = Optional.of(gtid);
  }

  /** {@code last_gtid}. */
  Optional<Gtid> lastGtid() {
    return lastGtid;
  }

  void remember(Statement.Write write) {
    uncommitted.add(write);
  }

  Connection connection() {
    return connection;
  }

  void begin(long number) {
    busy = true;
    statement = number;
  }

  /** Whether it is to be ended now. */
  boolean finish() {
    busy = false;
    state = "";
    waiting = null;
    return killed || clientGone;
  }

  @Override
  public void waits(String words, @Nullable Waiting how) {
    state = words;
    if (killed && how != null) {
      // Before its turn came.
      how.killed(true);
    } else {
      waiting = how;
    }
  }

  @Override
  public long lockWait() {
    return lockWait;
  }

  void lockWait(long nanos) {
    lockWait = nanos;
  }

  void clientGone() {
    clientGone = true;
  }

  void kill(boolean whole) {
    Waiting now = waiting;
    if (whole) {
      killed = true;
      connection.server().close();
    }
    if (now != null) {
      waiting = null;
      now.killed(whole);
    }
  }
}
