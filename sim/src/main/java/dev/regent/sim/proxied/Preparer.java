package dev.regent.sim.proxied;

import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.PacketReader;
import dev.regent.sim.kernel.Dice;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a client sends what it writes: as text, or, a few clients, by a statement it has prepared.
 */
final class Preparer {
  private static final double CLIENTS = 0.4;

  /** Now and then it is closed, and prepared again. */
  private static final double CLOSES = 0.1;

  private static final String TEXT = "INSERT INTO t VALUES (?, ?)";
  private static final Pattern INSERT =
      Pattern.compile("INSERT INTO t VALUES \\((\\d+), (\\d+)\\)");

  private final Dice dice;
  private final boolean prepares;
  private OptionalLong statement = OptionalLong.empty();
  private boolean typed;

  Preparer(Dice dice) {
    this.dice = dice;
    this.prepares = dice.chance(CLIENTS);
  }

  /** A new session knows of none. */
  void begins() {
    statement = OptionalLong.empty();
  }

  /** What is sent for a statement; if it is answered by a number, {@link #execute} goes on. */
  byte[] say(String sql, Answers answers) {
    if (!prepares || Ledger.row(sql) == 0) {
      return answers.query(sql);
    }
    if (statement.isPresent() && !dice.chance(CLOSES)) {
      return execute(sql, answers);
    }
    byte[] prepare = answers.prepare(TEXT);
    if (statement.isEmpty()) {
      return prepare;
    }
    byte[] close = Answers.close(statement.getAsLong());
    statement = OptionalLong.empty();
    return ProxySide.joined(close, prepare);
  }

  byte[] prepared(long number, String sql, Answers answers) {
    statement = OptionalLong.of(number);
    typed = false;
    return execute(sql, answers);
  }

  /** What a framed execution does, in words: its numbers are its end. */
  static String text(byte[] framed) {
    try {
      int end = framed.length;
      PacketReader in = new PacketReader(Bytes.of(framed).part(end - 2 * Long.BYTES, end));
      return "INSERT INTO t VALUES (" + in.int8() + ", " + in.int8() + ")";
    } catch (MalformedPacketException e) {
      throw new IllegalStateException("too short for two numbers", e);
    }
  }

  /** As drivers do: types are told once. */
  private byte[] execute(String sql, Answers answers) {
    Matcher insert = INSERT.matcher(sql);
    if (!insert.matches()) {
      throw new IllegalStateException("not what is prepared: " + sql);
    }
    boolean types = !typed;
    typed = true;
    long row = Long.parseLong(insert.group(1));
    long domain = Long.parseLong(insert.group(2));
    return answers.execute(statement.orElseThrow(), types, row, domain);
  }
}
