package dev.regent.bench.rounds;

import dev.regent.lab.arena.Arena;
import dev.regent.lab.arena.Load;
import dev.regent.lab.arena.Writers;
import dev.regent.lab.arena.Written;
import dev.regent.lab.cluster.LabServer;
import java.io.IOException;
import java.util.List;

/** Losses that must not be: profile safe, replicas far behind in applying. */
final class LaggingRounds {
  private static final int LAG_SECONDS = 4;
  private static final int WRITES_AFTER = 60;
  private static final String TRUNCATE = "--init-rpl-role=SLAVE";
  private static final String SAFE = "safe";

  private LaggingRounds() {}

  /** What is done to the cluster while clients write and the replicas are late. */
  interface Blow {
    void strike(Arena arena, LabServer primary) throws IOException;
  }

  /** The primary is killed, again and again on one cluster. */
  static void kills(int rounds, List<Tally> tallies) throws IOException {
    try (Arena arena = open("lagging")) {
      for (int i = 0; i < rounds; i++) {
        LabServer[] killed = new LabServer[1];
        Blow kill =
            (a, primary) -> {
              killed[0] = primary;
              primary.kill();
            };
        tallies.add(round(arena, i, "late by 4 s, primary killed", kill));
        killed[0].awaitGone();
        if (i + 1 < rounds && !arena.bringBack(killed[0], TRUNCATE)) {
          throw arena.failed(killed[0].name() + " had to stay out");
        }
      }
    }
  }

  /** Worse things, each on a cluster of its own. */
  static void outages(List<Tally> tallies) throws IOException {
    tallies.add(once("SQL threads stopped, primary killed", LaggingRounds::stopApplying));
    tallies.add(
        once("a replica and the primary killed, the replica restarted", LaggingRounds::both));
    tallies.add(once("all servers killed and restarted", LaggingRounds::everybody));
  }

  private static Tally once(String what, Blow blow) throws IOException {
    try (Arena arena = open("outage")) {
      return round(arena, 0, what, blow);
    }
  }

  private static Arena open(String name) throws IOException {
    Arena arena = Arena.open(SlowReplicas.lab(name), Arena.tireless(SAFE));
    try {
      arena.awaitWhole();
      SlowReplicas.slowDown(arena.cluster());
      return arena;
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static Tally round(Arena arena, int number, String what, Blow blow) throws IOException {
    arena.awaitWhole();
    try (Writers writers = Writers.start(arena, Load.USUAL.again(number))) {
      LabServer primary = arena.primary();
      arena.awaitWrites(WRITES_AFTER);
      SlowReplicas.awaitLag(arena, LAG_SECONDS);
      long epoch = arena.feed().epoch();
      long began = System.nanoTime();
      blow.strike(arena, primary);
      arena.awaitReturn(epoch, primary);
      arena.awaitWrites(WRITES_AFTER);
      long ended = System.nanoTime();
      Written written = writers.stop();
      double gap = written.longestGap(began, ended).map(Written.Gap::millis).orElse(-1.0);
      return new Tally(what, writers.check(arena.primary()), gap, -1, -1);
    }
  }

  private static void stopApplying(Arena arena, LabServer primary) throws IOException {
    for (LabServer replica : arena.others()) {
      replica.execute("STOP SLAVE SQL_THREAD");
    }
    primary.kill();
  }

  private static void both(Arena arena, LabServer primary) throws IOException {
    LabServer replica = arena.others().getFirst();
    replica.kill();
    primary.kill();
    replica.awaitGone();
    replica.start().awaitReady();
  }

  private static void everybody(Arena arena, LabServer primary) {
    List<LabServer> all = arena.cluster().servers();
    all.forEach(LabServer::kill);
    all.forEach(LabServer::awaitGone);
    all.forEach(LabServer::start);
    all.forEach(LabServer::awaitReady);
  }
}
