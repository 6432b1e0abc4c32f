package dev.regent.sim.swarm;

import dev.regent.sim.kernel.Dice;
import dev.regent.sim.swarm.Mishap.Comeback;
import dev.regent.sim.swarm.Mishap.Cut;
import dev.regent.sim.swarm.Mishap.Part;
import dev.regent.sim.swarm.Script.Entry;
import dev.regent.sim.swarm.Script.When;
import java.util.ArrayList;
import java.util.List;

/**
 * Blow after blow: something is wrong already, the role has to move, something more happens in the
 * middle of that, and then there is a moment to recover. Chance alone seldom lets misfortunes meet,
 * and it is where they meet that data are lost.
 */
final class Blows {
  /** After so much silence a frozen or hidden primary is replaced (the policy's default). */
  private static final long SILENCE = 3_000;

  private static final int SERVERS_MAX = 5;

  /** Steps of a role change until the new primary is open. */
  private static final int STEPS = 12;

  /** Steps after which it is hard to know where one stands. */
  private static final List<String> DELICATE =
      List.of(
          "StopReceiving",
          "Rescue",
          "Drain",
          "RelaxDurability",
          "RestoreDurability",
          "Freeze",
          "CheckFrozen",
          "StopReplication",
          "SetSemiSyncPrimary",
          "WriteReign",
          "WriteReign",
          "OpenForWrites",
          "OpenForWrites",
          "ForgetSource",
          "Follow",
          "FenceReturned",
          "Unfreeze");

  private final Dice dice;
  private final List<Entry> entries = new ArrayList<>();

  Blows(Dice dice) {
    this.dice = dice;
  }

  List<Entry> draw(long millis) {
    long at = 1_000 + dice.below(1_500);
    while (at < millis) {
      at += blow(at);
    }
    return entries;
  }

  private void at(long millis, Mishap mishap) {
    entries.add(new Entry(new When.At(Math.max(0, millis)), mishap));
  }

  private void atStep(long after, Mishap mishap) {
    int step = (int) dice.between(1, STEPS);
    entries.add(new Entry(new When.AtStep(Math.max(0, after), step), mishap));
  }

  /** How long it takes, with the moment to recover. */
  private long blow(long millis) {
    int ahead = (int) dice.below(2);
    if (dice.chance(0.05)) {
      return outage(millis);
    }
    if (dice.chance(0.7)) {
      unequal(millis, Target.other(ahead), Target.other(1 - ahead));
    } else if (dice.chance(0.5)) {
      weaken(millis - dice.below(1_500), Target.other((int) dice.below(4)));
    }
    long lasts = move(millis);
    if (dice.chance(0.5)) {
      disturb(millis - 200);
    }
    if (dice.chance(0.2)) {
      lasts += 500 + dice.below(2_500);
      at(millis + lasts, hit(Target.PRIMARY));
    }
    return lasts + 2_000 + dice.below(3_000);
  }

  /** Everybody is gone at once; the primary may be the last to come back, or nearly so. */
  private long outage(long millis) {
    long late = dice.chance(0.5) ? dice.between(31_000, 45_000) : dice.below(3_000);
    at(millis, new Mishap.PowerCut(Target.PRIMARY, late, Comeback.AS_CONFIGURED));
    for (int i = 0; i < SERVERS_MAX; i++) {
      long back = 500 + dice.below(2_000);
      at(millis, new Mishap.PowerCut(Target.any(i), back, Comeback.AS_CONFIGURED));
    }
    return late + 4_000;
  }

  /** One replica has more than the other, or more to apply. */
  private void unequal(long millis, Target ahead, Target behind) {
    long early = 200 + dice.below(1_500);
    long lasts = early + dice.below(1_500);
    long times = dice.between(10, 400);
    switch ((int) dice.below(5)) {
      // The one that has everything does not apply it.
      case 0 -> {
        at(millis - early, cutOff(behind, lasts));
        at(millis - early, new Mishap.Tamper(ahead, List.of("STOP SLAVE SQL_THREAD")));
      }
      case 1 -> {
        at(millis - early, new Mishap.BadPaths(behind, dice.between(2_000, 60_000), 0, lasts));
        at(millis - early, new Mishap.SlowApply(ahead, times, lasts));
      }
      // The one that acknowledged falls silent with the primary.
      case 2 -> {
        at(millis - early, cutOff(behind, early + dice.below(600)));
        at(
            millis - 5 + dice.below(10),
            dice.chance(0.5)
                ? hit(ahead)
                : new Mishap.Isolate(ahead, Part.EVERYBODY, Cut.BOTH_WAYS, 2_000 + lasts));
      }
      case 3 -> {
        at(millis - early, new Mishap.SlowApply(ahead, times, lasts + 1_000));
        at(millis - early, new Mishap.SlowApply(behind, times, lasts + 1_000));
      }
      default -> at(millis - early, new Mishap.SlowApply(ahead, times, lasts));
    }
  }

  private Mishap cutOff(Target target, long lasts) {
    Cut cut = dice.pick(List.of(Cut.BOTH_WAYS, Cut.REJECTED));
    return new Mishap.Isolate(target, Part.SERVERS, cut, lasts);
  }

  private void weaken(long millis, Target target) {
    long lasts = 500 + dice.below(3_000);
    at(
        millis,
        switch ((int) dice.below(8)) {
          case 6 -> new Mishap.FullStore(lasts);
          case 7 -> new Mishap.SlowStore(dice.between(10, 1_000), lasts);
          case 0 -> hit(target);
          case 1 -> new Mishap.Freeze(target, lasts);
          case 2 -> new Mishap.Isolate(target, Part.MANAGER, Cut.BOTH_WAYS, lasts);
          case 3 -> new Mishap.Tamper(target, List.of("STOP SLAVE"));
          case 4 -> new Mishap.BreakApplier(target);
          default -> new Mishap.StrayWrites(target, (int) dice.between(1, 3), 0);
        });
  }

  private Mishap hit(Target target) {
    long back = 300 + dice.below(dice.pick(List.of(800L, 5_000L)));
    Comeback how =
        dice.pick(List.of(Comeback.AS_CONFIGURED, Comeback.AS_CONFIGURED, Comeback.TRUNCATING));
    return switch ((int) dice.below(4)) {
      case 0, 1 -> new Mishap.Kill(target, 0, back, how);
      case 2 -> new Mishap.PowerCut(target, back, how);
      default -> new Mishap.ShutDown(target, back, how);
    };
  }

  /** The primary dies, falls silent or is asked to give way; how long until that is noticed. */
  private long move(long millis) {
    int how = (int) dice.below(10);
    if (how < 4) {
      at(millis, hit(Target.PRIMARY));
      return 500;
    }
    if (how < 7) {
      silence(millis);
      return SILENCE + 500;
    }
    if (how < 8) {
      at(millis, new Mishap.DiskFull(Target.PRIMARY, 1_000 + dice.below(2_000)));
      at(millis + dice.below(1_000), new Mishap.OrderFailover(false));
      return 1_500;
    }
    at(millis, new Mishap.OrderSwitchover(Target.other((int) dice.below(4)), false));
    return 500;
  }

  /** It is back by itself soon after it is given up, or just while it is replaced. */
  private void silence(long millis) {
    long lasts = SILENCE + dice.below(dice.pick(List.of(700L, 6_000L)));
    if (dice.chance(0.5)) {
      at(millis, new Mishap.Freeze(Target.PRIMARY, lasts));
    } else {
      Part from = dice.pick(List.of(Part.EVERYBODY, Part.CLUSTER, Part.CLUSTER, Part.MANAGER));
      Cut cut = dice.pick(List.of(Cut.BOTH_WAYS, Cut.OUTBOUND, Cut.INBOUND));
      at(millis, new Mishap.Isolate(Target.PRIMARY, from, cut, lasts));
    }
    if (dice.chance(0.5)) {
      int step = (int) dice.between(1, dice.chance(0.5) ? 3 : STEPS);
      entries.add(
          new Entry(new When.AtStep(Math.max(0, millis), step), new Mishap.Relief(Target.PRIMARY)));
    }
  }

  /** In the middle of it: often at the very step that must not be doubted. */
  private void disturb(long after) {
    if (dice.chance(0.3)) {
      atStep(after, disturbance(Target.other((int) dice.below(3))));
      return;
    }
    String step = dice.pick(DELICATE);
    // A moment later it has reached the server; still later the answer is on its way.
    long micros = dice.below(dice.pick(List.of(10L, 3_000L)));
    sending(after, step, micros, disturbance(Target.ACTED_ON));
    if (dice.chance(0.3)) {
      Target target = dice.chance(0.5) ? Target.PRIMARY : Target.other((int) dice.below(3));
      sending(after, step, dice.below(3_000), disturbance(target));
    }
  }

  private void sending(long after, String step, long micros, Mishap mishap) {
    entries.add(new Entry(new When.AtSending(Math.max(0, after), step, micros), mishap));
  }

  private Mishap disturbance(Target target) {
    long lasts = 300 + dice.below(3_000);
    long soon = 100 + dice.below(1_500);
    return switch ((int) dice.below(9)) {
      case 0, 1 -> hit(target);
      case 2 -> new Mishap.KillManager(dice.chance(0.2), soon);
      case 3 -> new Mishap.KillManagerAtEffect((int) dice.between(1, 12), soon);
      case 4 -> new Mishap.Freeze(target, lasts);
      case 5 -> new Mishap.Isolate(target, Part.EVERYBODY, Cut.BOTH_WAYS, lasts);
      case 6 -> new Mishap.Isolate(target, Part.MANAGER, cut(), lasts);
      case 7 -> new Mishap.Isolate(target, Part.SERVERS, cut(), lasts);
      default -> new Mishap.Relief(Target.PRIMARY);
    };
  }

  private Cut cut() {
    return dice.pick(List.of(Cut.BOTH_WAYS, Cut.OUTBOUND, Cut.INBOUND, Cut.REJECTED));
  }
}
