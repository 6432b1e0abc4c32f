package dev.regent.core.analyze;

import dev.regent.core.model.Channel;
import dev.regent.core.model.ServerFacts;
import java.util.ArrayList;
import java.util.List;

/** Whether a server's configuration lets it be a primary that others can follow. */
public final class Fitness {
  private Fitness() {}

  /**
   * Reasons against promoting it; empty if there are none.
   *
   * @param primary the old primary's last facts: an older server cannot be fed by a newer one
   */
  public static List<String> reasons(ServerFacts facts, ServerFacts primary) {
    List<String> reasons = new ArrayList<>();
    if (!facts.binaryLog().enabled()) {
      reasons.add("its binary log is off");
    }
    if (!facts.binaryLog().logsReplicaUpdates()) {
      reasons.add("log_slave_updates is off");
    }
    if (!facts.binaryLog().strict()) {
      reasons.add("gtid_strict_mode is off");
    }
    if (!facts.binaryLog().format().equals("ROW")) {
      reasons.add("binlog_format is " + facts.binaryLog().format());
    }
    for (Channel channel : facts.channels()) {
      if (!channel.delay().isZero()) {
        reasons.add("it is delayed by " + channel.delay().toSeconds() + " s");
      }
    }
    if (release(facts) < release(primary)) {
      reasons.add("it is older (" + facts.version() + ") than " + primary.version());
    }
    return reasons;
  }

  /** 10.11.5 → 1011: replication between releases is safe only from older to newer. */
  static int release(ServerFacts facts) {
    String[] parts = facts.version().split("[.\\-]", -1);
    try {
      return Integer.parseInt(parts[0]) * 100 + Integer.parseInt(parts[1]);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return 0;
    }
  }
}
