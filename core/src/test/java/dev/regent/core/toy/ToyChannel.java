package dev.regent.core.toy;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.Problem;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.GtidPosition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/** One replication connection of a toy server: two threads and the relay log between them. */
public final class ToyChannel {
  /** Where a log begins, and how long an entry is. */
  private static final long BEGINNING = 4;

  private static final long ENTRY = 100;

  final String name;
  Endpoint source;
  long sourceServerId;
  ThreadState io = ThreadState.NO;
  boolean sql;
  boolean usesGtid = true;

  /** {@code Gtid_IO_Pos}: forgotten at a restart, although the relay log is not. */
  GtidPosition received = GtidPosition.EMPTY;

  final Deque<Transaction> relay = new ArrayDeque<>();

  /** Where it reads next in the source's log; meaningful while connected. */
  int cursor;

  /** What its IO thread told the source when it connected. */
  boolean acknowledges;

  Duration heartbeat = Duration.ofMillis(500);
  long heartbeats;
  long lastHeardMillis;
  long nextTryMillis;
  Duration delay = Duration.ZERO;
  Problem ioProblem = Problem.NONE;
  Problem sqlProblem = Problem.NONE;

  ToyChannel(String name, Endpoint source) {
    this.name = name;
    this.source = source;
  }

  boolean stopped() {
    return io == ThreadState.NO && !sql;
  }

  boolean running() {
    return io == ThreadState.YES && sql;
  }

  void stop() {
    io = ThreadState.NO;
    sql = false;
  }

  public Channel facts(long nowMillis) {
    return new Channel(
        name,
        source,
        sourceServerId,
        io,
        sql,
        received,
        usesGtid,
        heartbeats,
        heartbeat,
        "binlog.000001",
        BEGINNING + ENTRY * cursor,
        "relay.000001",
        4,
        4,
        running() ? OptionalLong.of(lagSeconds(nowMillis)) : OptionalLong.empty(),
        ioProblem,
        sqlProblem,
        delay,
        relay.isEmpty() ? "Slave has read all relay log" : "Reading event from the relay log");
  }

  /** How many entries of a log stand before this place in it. */
  static int entries(long position) {
    return (int) ((position - BEGINNING) / ENTRY);
  }

  private long lagSeconds(long nowMillis) {
    return relay.isEmpty() ? 0 : (nowMillis - relay.getFirst().atMillis()) / 1000;
  }
}
