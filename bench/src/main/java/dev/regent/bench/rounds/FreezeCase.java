package dev.regent.bench.rounds;

import java.util.List;

/**
 * One way to freeze a primary.
 *
 * @param load whether clients write
 * @param ownHeartbeat as Regent sets it; else the server's default, half of slave_net_timeout
 * @param once no need to repeat it
 */
record FreezeCase(String name, String profile, boolean load, boolean ownHeartbeat, boolean once) {
  static final List<FreezeCase> ALL =
      List.of(
          new FreezeCase("load, safe", "safe", true, true, false),
          new FreezeCase("idle, safe", "safe", false, true, false),
          new FreezeCase("load, available", "available", true, true, false),
          new FreezeCase("load, safe, heartbeat 30 s", "safe", true, false, true),
          new FreezeCase("idle, available, heartbeat 30 s", "available", false, false, true));
}
