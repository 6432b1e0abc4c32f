package dev.regent.sim.seeds;

import static dev.regent.core.model.Policy.Profile.ASYNC;
import static dev.regent.core.model.Policy.Profile.AVAILABLE;
import static dev.regent.core.model.Policy.Profile.SAFE;

import dev.regent.core.model.Policy.Profile;
import java.util.List;
import java.util.Locale;

/**
 * A seed that is worth the time in every build.
 *
 * @param taught what was learned from it, or what only it reaches
 */
record TaughtSeed(long number, Profile profile, String taught) {
  static final List<TaughtSeed> ALL =
      List.of(
          new TaughtSeed(2, ASYNC, "a twin of the primary lacks what carries its server id"),
          new TaughtSeed(
              378,
              SAFE,
              "a recovery took back what only a deleted file of a relay log had: only the next one tells"),
          new TaughtSeed(
              2196,
              SAFE,
              "under load a rejoined server was whole at every other look, never proven"),
          new TaughtSeed(
              101,
              AVAILABLE,
              "a rebuilt server was never whole: who hung below it was gone for good"),
          new TaughtSeed(
              113,
              AVAILABLE,
              "nor by order: who had hung below the rebuilt one could not be given up"),
          new TaughtSeed(
              121,
              AVAILABLE,
              "a former primary wrote on after it was compared, until it was closed"),
          new TaughtSeed(
              142,
              AVAILABLE,
              "a manager that had just started believed the first witness it asked"),
          new TaughtSeed(
              77,
              AVAILABLE,
              "a former primary was never called whole, for a reason that nobody was told"),
          new TaughtSeed(
              333,
              SAFE,
              "a power cut took out of its log, not out of its tables, what a server was held out for"),
          new TaughtSeed(
              522,
              AVAILABLE,
              "a fork that two servers wrote, one after the other, was counted twice, and from 1"),
          new TaughtSeed(
              1132,
              SAFE,
              "an orderly shutdown of a deposed primary tells OK to a commit that nobody acknowledged"),
          new TaughtSeed(
              1752,
              SAFE,
              "a sync member that restarted was attached again, and the only copy with its relay log gone"),
          new TaughtSeed(
              272,
              ASYNC,
              "a server that was not compared yet passed over its own below the next primary"),
          new TaughtSeed(
              85,
              ASYNC,
              "an undo opened a primary whose recovery had cut off its end: a clock hid the restart"),
          new TaughtSeed(
              408,
              AVAILABLE,
              "a former primary got one more transaction while it was being closed"),
          new TaughtSeed(
              734,
              ASYNC,
              "a former primary without anything of its own got some while it was attached"),
          new TaughtSeed(1, ASYNC, "everybody is gone; a primary that follows"),
          new TaughtSeed(2, SAFE, "several are writable; a member falls silent; two share an id"),
          new TaughtSeed(3, SAFE, "a new primary is left closed"),
          new TaughtSeed(4, SAFE, "a dump thread that was renewed is confirmed"),
          new TaughtSeed(5, SAFE, "a stranger acknowledges; a replica is late"),
          new TaughtSeed(7, AVAILABLE, "a relay log is rescued"),
          new TaughtSeed(11, AVAILABLE, "most of all that there is"),
          new TaughtSeed(16, SAFE, "most of the rest"),
          new TaughtSeed(21, SAFE, "a pause, a rejoin by order, a split brain"),
          new TaughtSeed(26, AVAILABLE, "somebody takes semi-sync away"),
          new TaughtSeed(29, SAFE, "maintenance begins"),
          new TaughtSeed(39, ASYNC, "a replica skipped its own events"),
          new TaughtSeed(46, AVAILABLE, "durability is relaxed for a drain"),
          new TaughtSeed(
              115, AVAILABLE, "the primary is lost in an outage; failover is by order only"),
          new TaughtSeed(79, SAFE, "maintenance holds something up"),
          new TaughtSeed(86, SAFE, "somebody switches the event scheduler of the primary off"),
          new TaughtSeed(
              106,
              SAFE,
              "who was left out for a gap before its relay log was missed as one who acknowledges"),
          new TaughtSeed(143, AVAILABLE, "a manager that starts anew is locked out"),
          new TaughtSeed(229, SAFE, "one that is writable beside the primary is closed"),
          new TaughtSeed(378, AVAILABLE, "a failover is left to a script"),
          new TaughtSeed(174, ASYNC, "a server that is late on purpose is not fit"),
          new TaughtSeed(1099, SAFE, "the role goes to and fro until it is damped"));

  /** How to see it. */
  String command() {
    return "regent sim --seed "
        + number
        + " --policy "
        + profile.name().toLowerCase(Locale.ROOT)
        + " --proxy no --shrink";
  }

  @Override
  public String toString() {
    return number + " " + profile + ": " + taught;
  }
}
