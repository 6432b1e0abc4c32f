package dev.regent.bench.rounds;

import dev.regent.lab.arena.Writers;
import java.util.List;

/**
 * How one round with losses at stake ended.
 *
 * @param account the daemon's exact count of what only the old primary has; -1 if none is asked for
 * @param truth the same, counted by us
 */
record Tally(String what, Writers.Account writes, double gapMillis, long account, long truth) {
  static final List<String> TITLES =
      List.of(
          "round",
          "acknowledged",
          "lost",
          "unknown, present",
          "unknown, absent",
          "write gap ms",
          "account",
          "only on the old one");

  List<String> row() {
    return List.of(
        what,
        "" + writes.acknowledged(),
        "" + writes.lost(),
        "" + writes.unknownPresent(),
        "" + writes.unknownAbsent(),
        "" + Math.round(gapMillis),
        account < 0 ? "" : "" + account,
        account < 0 ? "" : "" + truth);
  }
}
