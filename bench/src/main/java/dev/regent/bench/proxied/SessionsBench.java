package dev.regent.bench.proxied;

import dev.regent.bench.measure.Bench;
import dev.regent.bench.measure.Claim;
import dev.regent.bench.measure.JavaMeter;
import dev.regent.bench.measure.Report;
import dev.regent.bench.measure.Series;
import dev.regent.bench.measure.Setting;
import dev.regent.bench.proxied.MixedClient.End;
import dev.regent.bench.proxied.MixedClient.Piece;
import dev.regent.lab.arena.Arena;
import dev.regent.lab.arena.Waiting;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.machine.Ports;
import dev.regent.lab.measure.Figures;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.databind.node.ObjectNode;

/** What sessions cost that do nothing, and whether those that are over leave anything behind. */
public final class SessionsBench implements Bench {
  private static final int IDLE = 1_000;
  private static final double IDLE_KILOBYTES = 40;
  private static final int PER_MINUTE = 5_000;
  private static final int COMERS = 4;
  private static final int SECONDS = 60;
  private static final int CLIENTS = 32;
  private static final long FIRST_ROW = 3_000_000_000L;

  /** What the daemon itself notes of a minute is far less, a leak of 200 bytes a session is not. */
  private static final double GROWTH_MEGABYTES = 1;

  /** The daemon has threads and files of its own that come and go. */
  private static final int SPARE = 8;

  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(20);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final int idle;

  public SessionsBench() {
    this(IDLE);
  }

  /**
   * @param idle how many sessions that do nothing
   */
  SessionsBench(int idle) {
    this.idle = idle;
  }

  @Override
  public String name() {
    return "sessions";
  }

  @Override
  public String summary() {
    return "1,000 idle sessions: <= 40 KB each; 5,000 connections a minute, then 32 clients at work:"
        + " nothing leaks";
  }

  @Override
  public int rounds() {
    return 3;
  }

  /** What is held before and after something. */
  private record Growth(String after, JavaMeter from, JavaMeter to) {
    double heapMegabytes() {
      return (to.heapBytes() - from.heapBytes()) / 1048576.0;
    }

    double residentMegabytes() {
      return (to.residentBytes() - from.residentBytes()) / 1048576.0;
    }

    List<String> row() {
      return List.of(
          after,
          Figures.number(heapMegabytes()),
          Figures.number(residentMegabytes()),
          "" + (to.files() - from.files()),
          "" + (to.threads() - from.threads()));
    }

    List<Claim> claims() {
      return List.of(
          Claim.atMost(after + ": heap", heapMegabytes(), GROWTH_MEGABYTES, "MB more"),
          Claim.atMost(after + ": descriptors", to.files() - from.files(), SPARE, "more"),
          Claim.atMost(after + ": threads", to.threads() - from.threads(), SPARE, "more"));
    }
  }

  @Override
  public Report run(Setting setting) throws IOException, InterruptedException {
    LabOptions lab =
        LabOptions.of(3).withName("bench-sessions").withConfig("max_connections=" + 2 * IDLE);
    int[] port = new int[1];
    try (Arena arena =
        Arena.open(
            lab,
            cluster -> {
              port[0] = Ports.reserve(cluster.folder());
              return Arena.tireless("async").asLaunched().with("[listener]", "port = " + port[0]);
            })) {
      arena.awaitWhole();
      IdleSessions sessions = new IdleSessions(port[0], arena.primary().accounts().app());
      // The heap, and the pools, grow with the first thousand; what the second adds is its own.
      fill(arena, sessions, setting);
      Growth idle = fill(arena, sessions, setting);
      List<Growth> after = new ArrayList<>();
      after.add(churn(arena, sessions, setting));
      List<Piece> pieces = new ArrayList<>();
      after.add(soak(arena, port[0], setting, pieces));
      return report(idle, after, pieces);
    } catch (SQLException e) {
      throw new IOException("a client was not served: " + e.getMessage(), e);
    }
  }

  private Growth fill(Arena arena, IdleSessions sessions, Setting setting)
      throws IOException, SQLException {
    JavaMeter empty = emptied(arena);
    try (sessions) {
      while (sessions.count() < idle) {
        sessions.open();
      }
      JavaMeter full = JavaMeter.of(arena.daemon().pid());
      Growth growth = new Growth(idle + " idle sessions", empty, full);
      setting.say(
          "  %d idle sessions: heap %.1f MB more, resident %.1f MB more",
          idle, growth.heapMegabytes(), growth.residentMegabytes());
      return growth;
    }
  }

  /** Comers and goers at an even pace, several at a time. */
  private static Growth churn(Arena arena, IdleSessions sessions, Setting setting)
      throws IOException, InterruptedException {
    JavaMeter before = emptied(arena);
    int each = Math.max(1, setting.secondsOr(SECONDS) * PER_MINUTE / 60 / COMERS);
    Queue<SQLException> troubles = new ConcurrentLinkedQueue<>();
    long began = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < COMERS; i++) {
      Runnable comer = () -> comeAndGo(sessions, began, each, troubles);
      threads.add(Thread.ofVirtual().name("comer-" + i).start(comer));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!troubles.isEmpty()) {
      throw new IOException("a client was not served", troubles.element());
    }
    double minutes = (System.nanoTime() - began) / 60e9;
    int total = each * COMERS;
    String what = total + " connections at " + Math.round(total / minutes) + " a minute";
    setting.say("  %s", what);
    return new Growth(what, before, emptied(arena));
  }

  private static void comeAndGo(
      IdleSessions sessions, long began, int times, Queue<SQLException> troubles) {
    long pause = Duration.ofMinutes(1).toNanos() * COMERS / PER_MINUTE;
    try {
      for (int i = 0; i < times; i++) {
        sessions.pass();
        Waiting.pass(Duration.ofNanos(Math.max(0, began + pause * (i + 1) - System.nanoTime())));
      }
    } catch (SQLException e) {
      troubles.add(e);
    }
  }

  /** Clients at work, round after round; the first one brings all that is made once. */
  private static Growth soak(Arena arena, int port, Setting setting, List<Piece> pieces)
      throws IOException, InterruptedException {
    int seconds = setting.secondsOr(SECONDS);
    JavaMeter first = work(arena, port, seconds, pieces);
    JavaMeter last = first;
    for (int round = 0; round < setting.rounds(); round++) {
      last = work(arena, port, seconds, pieces);
    }
    String what = pieces.size() + " pieces of work of " + CLIENTS + " clients";
    setting.say("  %s", what);
    return new Growth(what, first, last);
  }

  private static JavaMeter work(Arena arena, int port, int seconds, List<Piece> pieces)
      throws IOException, InterruptedException {
    long row = FIRST_ROW + 2L * pieces.size();
    try (MixedClients clients =
        MixedClients.start(CLIENTS, port, arena.primary().accounts().app(), row)) {
      Waiting.pass(Duration.ofSeconds(seconds));
      pieces.addAll(clients.stop());
    }
    return emptied(arena);
  }

  /** What the daemon holds once nobody is connected. */
  private static JavaMeter emptied(Arena arena) throws IOException {
    boolean gone =
        Waiting.until(
            CLOSED_WITHIN,
            LOOK_EVERY,
            () ->
                arena
                    .daemon()
                    .client()
                    .run("sessions", "")
                    .text()
                    .contains("no client is connected"));
    if (!gone) {
      throw arena.failed("sessions are left though no client is");
    }
    return JavaMeter.of(arena.daemon().pid());
  }

  // --- what came of it

  private Report report(Growth idle, List<Growth> after, List<Piece> pieces) {
    double heap = idle.heapMegabytes() * 1024 / this.idle;
    double resident = idle.residentMegabytes() * 1024 / this.idle;
    Series bytes = Series.bounded("KB of heap per session", List.of(heap), IDLE_KILOBYTES);
    Series all = Series.bounded("KB resident per session", List.of(resident), IDLE_KILOBYTES);
    List<Claim> claims = new ArrayList<>();
    claims.add(Claim.atMost("an idle session: heap", heap, IDLE_KILOBYTES, "KB"));
    claims.add(Claim.atMost("an idle session: resident", resident, IDLE_KILOBYTES, "KB"));
    after.forEach(growth -> claims.addAll(growth.claims()));
    long errors = pieces.size() - MixedClients.count(pieces, End.DONE);
    claims.add(Claim.of(errors + " errors in " + pieces.size() + " pieces of work", errors == 0));
    List<List<String>> rows = new ArrayList<>(List.of(idle.row()));
    after.forEach(growth -> rows.add(growth.row()));
    ObjectNode more = Json.object();
    more.put("heap_kb_per_session", Figures.rounded(heap));
    more.put("resident_kb_per_session", Figures.rounded(resident));
    more.put("errors", errors);
    return new Report(
        name(),
        "KB",
        List.of(bytes, all),
        claims,
        List.of(
            new Report.Section(
                "What the daemon holds more than before, garbage collected",
                List.of("after", "heap MB", "resident MB", "descriptors", "threads"),
                rows)),
        more);
  }
}
