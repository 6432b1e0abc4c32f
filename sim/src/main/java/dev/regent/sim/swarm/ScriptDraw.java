package dev.regent.sim.swarm;

import dev.regent.core.model.Policy.Profile;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.swarm.Mishap.Comeback;
import dev.regent.sim.swarm.Mishap.Cut;
import dev.regent.sim.swarm.Mishap.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws what goes wrong in a run, and when. Each run has only some kinds of mishaps, so that each
 * kind has runs in which nothing hides it.
 */
final class ScriptDraw {
  private enum Kind {
    KILL,
    POWER_CUT,
    SHUT_DOWN,
    FREEZE,
    SLOW_APPLY,
    DISK_FULL,
    TOO_MANY,
    DENY,
    STRAY,
    TAMPER,
    TABLES,
    BREAK_APPLIER,
    KILL_CLIENTS,
    ISOLATE,
    ISOLATE_MANAGER,
    BAD_PATHS,
    KILL_MANAGER,
    MANAGER_AT_EFFECT,
    FREEZE_MANAGER,
    CLOCK,
    DRIFT,
    SLOW_STORE,
    FULL_STORE,
    SWITCHOVER,
    FAILOVER,
    REJOIN,
    MAINTAIN,
    PAUSE
  }

  /** What somebody may change without giving up what was acknowledged. */
  private static final List<List<String>> HARMLESS =
      List.of(
          List.of("STOP SLAVE"),
          List.of("STOP SLAVE SQL_THREAD"),
          List.of("STOP SLAVE IO_THREAD"),
          List.of("SET GLOBAL read_only=1"),
          List.of("SET GLOBAL rpl_semi_sync_slave_enabled=0"),
          List.of("SET GLOBAL rpl_semi_sync_slave_enabled=1"),
          List.of("SET GLOBAL event_scheduler=1"),
          List.of("SET GLOBAL event_scheduler=0"),
          List.of("SET GLOBAL gtid_strict_mode=0"),
          List.of("SET GLOBAL slave_net_timeout=30"));

  private static final List<List<String>> HARMFUL =
      List.of(
          List.of("SET GLOBAL read_only=0"),
          List.of("SET GLOBAL rpl_semi_sync_master_enabled=0"),
          List.of("SET GLOBAL rpl_semi_sync_master_timeout=500"),
          List.of("START SLAVE"),
          List.of("STOP SLAVE", "RESET SLAVE ALL"),
          List.of("FLUSH TABLES"));

  /** Part of the runs in which misfortunes meet; in the others they come as they like. */
  private static final double BLOWS = 0.6;

  private final Dice dice;
  private final Options options;
  private final boolean safe;

  ScriptDraw(Options options) {
    this.options = options;
    this.dice = Dice.of(options.setup().seed()).of("script");
    this.safe = options.profile() == Profile.SAFE;
  }

  Script draw() {
    int servers = options.setup().spec().servers().size();
    return new Seldom(dice.of("seldom"), servers).added(day(), options.safetySeconds() * 1000);
  }

  private Script day() {
    if (dice.chance(BLOWS)) {
      return new Script(new Blows(dice.of("blows")).draw(options.safetySeconds() * 1000));
    }
    List<Kind> kinds = kinds();
    int count = (int) dice.between(1, 14);
    List<Script.Entry> entries = new ArrayList<>();
    long last = 0;
    for (int i = 0; i < count; i++) {
      long at = dice.below(options.safetySeconds() * 1000);
      if (i > 0 && dice.chance(0.4)) {
        // Misfortunes come together.
        at = last + dice.below(dice.pick(List.of(20L, 500L, 4_000L)));
      }
      last = at;
      Script.When when =
          dice.chance(0.2)
              ? new Script.When.AtStep(at, (int) dice.between(1, 12))
              : new Script.When.At(at);
      entries.add(new Script.Entry(when, mishap(dice.pick(kinds))));
    }
    return new Script(entries);
  }

  private List<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      if (dice.chance(0.3)) {
        kinds.add(kind);
      }
    }
    if (kinds.isEmpty() || dice.chance(0.5)) {
      kinds.add(Kind.KILL);
      kinds.add(Kind.KILL);
    }
    return kinds;
  }

  private Target target() {
    return dice.chance(0.5)
        ? Target.PRIMARY
        : dice.chance(0.5) ? Target.other((int) dice.below(4)) : Target.any((int) dice.below(5));
  }

  /** Milliseconds; short ones are as likely as long ones. */
  private long while_() {
    return dice.pick(List.of(300L, 1_500L, 4_000L, 8_000L, 20_000L)) + dice.below(1_000);
  }

  private Comeback comeback() {
    if (!safe && dice.chance(0.15)) {
      return Comeback.CARELESS;
    }
    return dice.pick(
        List.of(
            Comeback.AS_CONFIGURED,
            Comeback.AS_CONFIGURED,
            Comeback.AS_CONFIGURED,
            Comeback.TRUNCATING,
            Comeback.NEVER));
  }

  private Cut cut() {
    return dice.pick(
        List.of(Cut.BOTH_WAYS, Cut.BOTH_WAYS, Cut.OUTBOUND, Cut.INBOUND, Cut.REJECTED));
  }

  private Mishap mishap(Kind kind) {
    return switch (kind) {
      case KILL ->
          new Mishap.Kill(target(), dice.chance(0.7) ? 0 : dice.below(5_000), while_(), comeback());
      case POWER_CUT -> new Mishap.PowerCut(target(), while_(), comeback());
      case SHUT_DOWN -> new Mishap.ShutDown(target(), while_(), comeback());
      case FREEZE -> new Mishap.Freeze(target(), while_());
      case SLOW_APPLY -> new Mishap.SlowApply(target(), dice.between(5, 200), while_());
      case DISK_FULL -> new Mishap.DiskFull(target(), while_());
      case TOO_MANY -> new Mishap.TooManyConnections(target(), while_());
      case DENY -> new Mishap.DenyAccess(target(), dice.chance(0.5), while_());
      case STRAY ->
          new Mishap.StrayWrites(
              Target.any((int) dice.below(5)), (int) dice.between(1, 4), dice.below(2));
      case TAMPER ->
          new Mishap.Tamper(
              target(), safe || dice.chance(0.5) ? dice.pick(HARMLESS) : dice.pick(HARMFUL));
      case TABLES -> new Mishap.HoldTables(target(), while_());
      case BREAK_APPLIER -> new Mishap.BreakApplier(Target.other((int) dice.below(4)));
      // Killed, the first of a group lets the others go: told OK by MariaDB, not by us.
      case KILL_CLIENTS ->
          safe ? new Mishap.Freeze(target(), while_()) : new Mishap.KillClients(target());
      default -> mishapAround(kind);
    };
  }

  private Mishap mishapAround(Kind kind) {
    return switch (kind) {
      case ISOLATE ->
          new Mishap.Isolate(target(), dice.pick(List.of(Part.values())), cut(), while_());
      case ISOLATE_MANAGER -> new Mishap.IsolateManager(cut(), while_());
      case BAD_PATHS ->
          new Mishap.BadPaths(target(), dice.between(100, 50_000), dice.fraction() / 5, while_());
      case KILL_MANAGER -> new Mishap.KillManager(dice.chance(0.3), while_());
      case MANAGER_AT_EFFECT ->
          new Mishap.KillManagerAtEffect((int) dice.between(1, 40), dice.below(6_000));
      case FREEZE_MANAGER -> new Mishap.FreezeManager(while_());
      case CLOCK -> new Mishap.SetClock(dice.between(-7_200_000, 7_200_000));
      case DRIFT ->
          new Mishap.DriftClock(1 + (dice.fraction() - 0.5) / 500, 1 + (dice.fraction() - 0.5) / 5);
      case SLOW_STORE -> new Mishap.SlowStore(dice.between(10, 3_000), while_());
      case FULL_STORE -> new Mishap.FullStore(while_());
      case SWITCHOVER ->
          new Mishap.OrderSwitchover(Target.other((int) dice.below(4)), !safe && dice.chance(0.2));
      case FAILOVER -> new Mishap.OrderFailover(!safe && dice.chance(0.5));
      case REJOIN -> new Mishap.OrderRejoin(Target.any((int) dice.below(5)));
      case MAINTAIN -> new Mishap.Maintain(target(), while_());
      case PAUSE -> new Mishap.Pause(while_());
      default -> throw new IllegalStateException("no mishap for " + kind);
    };
  }
}
