package dev.regent.bench.rounds;

import dev.regent.lab.arena.Arena;
import dev.regent.lab.arena.Audit;
import dev.regent.lab.arena.Load;
import dev.regent.lab.arena.Waiting;
import dev.regent.lab.arena.Writers;
import dev.regent.lab.arena.Written;
import dev.regent.lab.cluster.LabServer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Losses that may be, and must be told: without an endless wait for acknowledgements the old
 * primary often has rows that nobody else has. It returns as it is, and the daemon's exact account
 * is compared with the rows.
 */
final class AccountRounds {
  /** As fast as they go: the more is under way, the more can be lost. */
  private static final Load LOAD = Load.of(8, 0);

  private static final int WRITES_AFTER = 100;
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(60);

  private AccountRounds() {}

  static void run(String profile, int rounds, List<Tally> tallies) throws IOException {
    for (int i = 0; i < rounds; i++) {
      try (Arena arena = Arena.open(Clusters.usual(profile), Arena.tireless(profile))) {
        tallies.add(round(arena, profile));
      }
    }
  }

  private static Tally round(Arena arena, String profile) throws IOException {
    arena.awaitWhole();
    try (Writers writers = Writers.start(arena, LOAD)) {
      LabServer old = arena.primary();
      arena.awaitWrites(5L * WRITES_AFTER);
      Audit.Mark mark = arena.audit().mark();
      long epoch = arena.feed().epoch();
      long began = old.kill();
      LabServer next = arena.awaitChange(epoch);
      arena.awaitWrites(WRITES_AFTER);
      long ended = System.nanoTime();
      Written written = writers.stop();
      Writers.Account writes = writers.check(next);
      double gap = written.longestGap(began, ended).map(Written.Gap::millis).orElse(-1.0);
      old.awaitGone();
      old.start().awaitReady();
      Waiting.until(
          TOLD_WITHIN,
          Duration.ofMillis(100),
          () -> Audit.exactLoss(arena.audit().since(mark)).isPresent());
      OptionalLong account = Audit.exactLoss(arena.audit().since(mark));
      if (account.isEmpty()) {
        throw arena.failed("no exact account after the return of " + old.name());
      }
      Set<String> only = ids(old);
      only.removeAll(ids(next));
      return new Tally(profile, writes, gap, account.getAsLong(), only.size());
    }
  }

  private static Set<String> ids(LabServer server) {
    Set<String> ids = new HashSet<>();
    for (Map<String, String> row : server.rows("SELECT id FROM shop.orders")) {
      ids.add(row.getOrDefault("id", ""));
    }
    return ids;
  }
}
