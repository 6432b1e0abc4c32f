package dev.regent.lab.check;

import dev.regent.core.model.GtidState;
import dev.regent.lab.load.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Everything that is checked after every round, whatever it did. */
public final class Checks {
  /** The table of checks: a new one is a row. */
  private static final List<Check> ALL =
      List.of(
          new Check(
              "ACKNOWLEDGED",
              "every acknowledged write is there or accounted for",
              Acknowledged::complaints),
          new Check("ONE REIGN", "reigns do not overlap", OneReign::complaints),
          new Check("ONE WRITABLE", "at most one server takes writes", OneWritable::complaints),
          new Check("SAME DATA", "all servers hold the same", SameData::complaints),
          new Check(
              "NOTHING ERRANT",
              "no server has transactions of its own, or it is held out for them",
              NothingErrant::complaints),
          new Check("INTENT FIRST", "nothing is done before it is told", IntentFirst::complaints),
          new Check("ONE PLAN", "one plan at a time", OnePlan::complaints),
          new Check(
              "PROXY",
              "clients of the proxy hear nothing but what they are told to expect",
              ThroughProxy::complaints));

  /**
   * One thing that must hold.
   *
   * @param judge says what speaks against it
   */
  private record Check(String name, String sentence, Function<Evidence, List<String>> judge) {}

  private Checks() {}

  /** What must hold, for people. */
  public static List<String> sentences() {
    return ALL.stream().map(Check::sentence).toList();
  }

  /** All that speaks against it, each behind the name of its check. */
  public static List<String> complaints(Evidence seen) {
    List<String> complaints = new ArrayList<>();
    for (Check check : ALL) {
      check.judge().apply(seen).forEach(c -> complaints.add(check.name() + ": " + c));
    }
    return complaints;
  }

  /** Acknowledged writes that the last primary lacks. */
  public static List<Write> lost(Evidence seen) {
    return Acknowledged.lost(seen);
  }

  /** How many transactions only servers have that are held out. */
  public static long errant(Evidence seen) {
    return seen.heldOut().stream().mapToLong(s -> GtidState.count(s.ownAgainst(seen.last()))).sum();
  }

  /** How long two servers certainly took writes at once, in milliseconds. */
  public static double twoWritableMillis(Evidence seen) {
    return Math.max(0, OneWritable.overlapMillis(seen));
  }
}
