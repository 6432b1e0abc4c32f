package dev.regent.sim.swarm;

import dev.regent.sim.kernel.Dice;
import dev.regent.sim.swarm.Mishap.Comeback;
import dev.regent.sim.swarm.Mishap.Cut;
import dev.regent.sim.swarm.Mishap.Part;
import dev.regent.sim.swarm.Script.Entry;
import dev.regent.sim.swarm.Script.When;
import java.util.ArrayList;
import java.util.List;

/** What takes several misfortunes in a row, so that no other draw comes to it. */
final class Seldom {
  private static final double CHANCE = 0.05;

  private static final int BLOWS = 8;

  /** Of the days of a cluster in which some are left who could elect one of them. */
  private static final double SOLE_CHANCE = 0.25;

  private static final int SOLE_SERVERS = 4;

  private static final double UNDONE_CHANCE = 0.1;

  private static final double UNANSWERED_CHANCE = 0.05;

  private static final double GAP_CHANCE = 0.05;

  /** Steps of a role change before its point of no return. */
  private static final List<String> EARLY =
      List.of("StopReceiving", "StopReceiving", "Freeze", "CheckFrozen", "StopReplication");

  /** Longer than it takes to replace a primary that fell silent. */
  private static final long GONE = 12_000;

  private final Dice dice;
  private final int servers;
  private final List<Entry> entries = new ArrayList<>();

  Seldom(Dice dice, int servers) {
    this.dice = dice;
    this.servers = servers;
  }

  /** Something besides the rest of the day, in a few runs. */
  Script added(Script script, long millis) {
    if (dice.chance(CHANCE)) {
      long at = 2_000 + dice.below(millis / 3);
      switch ((int) dice.below(3)) {
        case 0 -> lockOut(at);
        case 1 -> stopEvents(at);
        default -> flap(at);
      }
    }
    Dice own = dice.of("sole");
    if (servers >= SOLE_SERVERS && own.chance(SOLE_CHANCE)) {
      sole(own);
    }
    Dice other = dice.of("undone");
    if (other.chance(UNDONE_CHANCE)) {
      undone(other);
    }
    Dice third = dice.of("no-answer");
    if (third.chance(UNANSWERED_CHANCE)) {
      unanswered(third);
    }
    Dice fourth = dice.of("gap");
    if (fourth.chance(GAP_CHANCE)) {
      gap(fourth);
    }
    List<Entry> all = new ArrayList<>(script.entries());
    all.addAll(entries);
    return new Script(all);
  }

  private void at(long millis, Mishap mishap) {
    entries.add(new Entry(new When.At(millis), mishap));
  }

  /** A manager that has to connect anew is not let in. */
  private void lockOut(long millis) {
    long lasts = 2_000 + dice.below(3_000);
    at(
        millis,
        dice.chance(0.5)
            ? new Mishap.TooManyConnections(Target.PRIMARY, lasts)
            : new Mishap.DenyAccess(Target.PRIMARY, true, lasts));
    at(millis + 100, new Mishap.KillManager(false, 200));
  }

  private void stopEvents(long millis) {
    at(millis, new Mishap.Tamper(Target.other(0), List.of("SET GLOBAL event_scheduler=1")));
    at(millis + 500, new Mishap.Tamper(Target.PRIMARY, List.of("SET GLOBAL event_scheduler=0")));
  }

  /** The role goes to and fro. */
  private void flap(long millis) {
    long every = 3_500 + dice.below(2_000);
    for (int i = 0; i < BLOWS; i++) {
      at(
          millis + i * every,
          new Mishap.Kill(Target.PRIMARY, 0, 1_000 + dice.below(1_000), Comeback.AS_CONFIGURED));
    }
  }

  /**
   * One replica alone acknowledges, while the primary still counts the others too, and is lost
   * together with it (ha.md 5.3).
   */
  private void sole(Dice own) {
    long cut = 500 + own.below(1_500);
    long lost = cut + 1_500 + own.below(1_500);
    int sole = (int) own.below(servers - 1);
    for (int i = 0; i < servers - 1; i++) {
      if (i != sole) {
        at(cut, new Mishap.Isolate(Target.other(i), Part.SERVERS, Cut.BOTH_WAYS, lost + 50 - cut));
      }
    }
    long back = GONE + own.below(6_000);
    at(
        lost,
        own.chance(0.5)
            ? new Mishap.Freeze(Target.other(sole), back)
            : new Mishap.Isolate(Target.other(sole), Part.EVERYBODY, Cut.BOTH_WAYS, back));
    at(lost, new Mishap.PowerCut(Target.PRIMARY, GONE + own.below(6_000), Comeback.AS_CONFIGURED));
  }

  /**
   * A role change is cut short, and the old primary restarts before a manager is there again: what
   * it acknowledged last may be gone.
   */
  private void undone(Dice own) {
    long at = 2_500 + own.below(3_000);
    long back = 300 + own.below(700);
    String step = own.pick(EARLY);
    if (step.equals("StopReceiving")) {
      at(at, new Mishap.Kill(Target.PRIMARY, 0, 1_000 + back, Comeback.TRUNCATING));
    } else {
      at(at, new Mishap.OrderSwitchover(Target.other((int) own.below(servers - 1)), false));
      sending(at, step, new Mishap.Kill(Target.PRIMARY, 0, back, Comeback.TRUNCATING));
    }
    sending(at, step, new Mishap.KillManager(false, 2_000 + own.below(1_500)));
  }

  /** The reign row is sent, and nobody says whether it arrived. */
  private void unanswered(Dice own) {
    long at = 2_000 + own.below(6_000);
    at(at, new Mishap.OrderSwitchover(Target.other((int) own.below(servers - 1)), false));
    Mishap cut =
        new Mishap.Isolate(Target.ACTED_ON, Part.MANAGER, Cut.REJECTED, 100 + own.below(2_000));
    entries.add(new Entry(new When.AtSending(at, "WriteReign", own.between(200, 3_000)), cut));
  }

  /**
   * A replica alone received the last writes, and its recovery takes back some of what it applied
   * before: the relay log does not join any more. The primary is gone at the same time.
   */
  private void gap(Dice own) {
    long at = 1_500 + own.below(6_000);
    int holder = (int) own.below(servers - 1);
    Target replica = Target.other(holder);
    at(at, new Mishap.Tamper(replica, List.of("STOP SLAVE SQL_THREAD")));
    long lost = at + own.between(5, 200);
    for (int i = 0; i < servers - 1; i++) {
      if (i != holder) {
        at(at + 3, new Mishap.Isolate(Target.other(i), Part.SERVERS, Cut.BOTH_WAYS, lost - at));
      }
    }
    long back = 200 + own.below(800);
    at(
        lost,
        own.chance(0.5)
            ? new Mishap.Kill(replica, 0, back, Comeback.TRUNCATING)
            : new Mishap.PowerCut(replica, back, Comeback.TRUNCATING));
    long gone = 500 + own.below(8_000);
    at(lost + own.below(20), new Mishap.Kill(Target.PRIMARY, 0, gone, Comeback.TRUNCATING));
    if (own.chance(0.7)) {
      // What is taken back was in a file before, which is deleted.
      at(
          at - own.between(1, 20),
          new Mishap.Tamper(replica, List.of("STOP SLAVE IO_THREAD", "START SLAVE IO_THREAD")));
    }
  }

  private void sending(long after, String step, Mishap mishap) {
    entries.add(new Entry(new When.AtSending(after, step, 500), mishap));
  }
}
