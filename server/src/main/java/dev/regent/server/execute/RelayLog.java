package dev.regent.server.execute;

import dev.regent.core.model.Channel;
import dev.regent.core.plan.Step;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Quoted;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Looks into a relay log beyond what is applied, whether its threads run or not. */
final class RelayLog {
  /** A file without a transaction holds a handful of events: its header and what rotated it. */
  private static final int EVENTS_MAX = 50;

  private static final int FILES_MAX = 10_000;
  private static final int NO_FILE = 1220;

  private RelayLog() {}

  private enum Content {
    TRANSACTION,
    NOTHING,
    NO_SUCH_FILE
  }

  /**
   * Whether a transaction begins after the position up to which the relay log is applied. A log
   * that cannot be read to its end counts as one.
   */
  static boolean hasUnapplied(Channel channel, Work work) throws LinkException {
    return hasTransaction(channel, channel.relayLog(), channel.relayPosition(), work);
  }

  /** Whether a file after the one being applied holds a transaction. */
  static boolean hasMoreFiles(Channel channel, Work work) throws LinkException {
    Optional<String> next = next(channel.relayLog());
    return next.isPresent() && hasTransaction(channel, next.get(), 4, work);
  }

  private static boolean hasTransaction(Channel channel, String first, long from, Work work)
      throws LinkException {
    Optional<String> file = Optional.of(first);
    long position = from;
    for (int i = 0; i < FILES_MAX && file.isPresent(); i++) {
      Content content = read(channel, file.get(), position, work);
      if (content != Content.NOTHING) {
        return content == Content.TRANSACTION;
      }
      file = next(file.get());
      position = 4;
    }
    return file.isPresent();
  }

  private static Content read(Channel channel, String file, long position, Work work)
      throws LinkException {
    String sql =
        "SHOW RELAYLOG%s EVENTS IN %s FROM %d LIMIT %d"
            .formatted(Step.channel(channel.name()), Quoted.text(file), position, EVENTS_MAX);
    try {
      return work.read(sql, RelayLog::content);
    } catch (LinkException e) {
      if (e.code() != NO_FILE) {
        throw e;
      }
      boolean missing = String.valueOf(e.getMessage()).contains("Could not find target log");
      return missing ? Content.NO_SUCH_FILE : Content.TRANSACTION;
    }
  }

  private static Content content(ResultSet events) throws SQLException {
    int count = 0;
    while (events.next()) {
      count++;
      String type = events.getString("Event_type");
      if (type.equals("Gtid") || type.equals("Start_encryption")) {
        return Content.TRANSACTION;
      }
    }
    return count < EVENTS_MAX ? Content.NOTHING : Content.TRANSACTION;
  }

  /** {@code relay.000009} → {@code relay.000010}; empty for a name without a number. */
  private static Optional<String> next(String file) {
    int dot = file.lastIndexOf('.');
    String digits = file.substring(dot + 1);
    if (dot < 0 || digits.isEmpty() || !digits.chars().allMatch(Character::isDigit)) {
      return Optional.empty();
    }
    String number = Long.toString(Long.parseLong(digits) + 1);
    String padding = "0".repeat(Math.max(0, digits.length() - number.length()));
    return Optional.of(file.substring(0, dot + 1) + padding + number);
  }
}
