package dev.regent.bench.peer;

import dev.regent.bench.measure.Bench;
import dev.regent.bench.measure.ProcessMeter;
import dev.regent.bench.measure.Report;
import dev.regent.bench.measure.Series;
import dev.regent.bench.measure.Setting;
import dev.regent.bench.peer.Contender.Run;
import dev.regent.bench.peer.Sysbench.Work;
import dev.regent.lab.arena.Arena;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.daemon.DaemonClient;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.Ports;
import dev.regent.lab.measure.Figures;
import dev.regent.lab.measure.Sample;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/**
 * What passing statements costs: our listener beside HAProxy and beside no proxy, each before the
 * same one server; then our listener once more, with reads at the replicas.
 */
public final class ProxyBench implements Bench {
  static final String DIRECT = "direct";
  static final String ONE = "haproxy, 1 thread";
  static final String TWO = "haproxy, 2 threads";
  static final String PINNED = "regent, one server";
  static final String SPLIT = "regent, reads split";

  private static final List<String> RIVALS = List.of(ONE, TWO);
  private static final List<Integer> THREADS = List.of(1, 8, 32, 128);
  private static final int SECONDS = 5;
  private static final int WARM_UP_THREADS = 8;
  private static final int WARM_UP_SECONDS = 2;
  private static final int WARM_UPS_MAX = 20;

  /** In a warm-up's six seconds; three times as much still was a tenth of a statement's price. */
  private static final double COMPILING_MAX_SECONDS = 0.1;

  /** What passes bytes is measured, not a disk. */
  private static final String[] RELAXED = {
    "sync_binlog=0", "innodb_flush_log_at_trx_commit=0", "innodb_buffer_pool_size=64M"
  };

  private final int warmUpsMax;

  public ProxyBench() {
    this(WARM_UPS_MAX);
  }

  /**
   * @param warmUpsMax how often the proxy is made to work before it is measured, if it still
   *     compiles
   */
  ProxyBench(int warmUpsMax) {
    this.warmUpsMax = warmUpsMax;
  }

  @Override
  public String name() {
    return "proxy";
  }

  @Override
  public String summary() {
    return "statements through the proxy beside HAProxy: >= 1.1 x its rate at 8 and 32 clients"
        + " (io_uring), else >= 0.95; <= 0.9 x its processor time; p99 not above";
  }

  @Override
  public int rounds() {
    return 3;
  }

  @Override
  public boolean syncs() {
    return false;
  }

  @Override
  public Report run(Setting setting) throws IOException {
    Sysbench.missing()
        .forEach(why -> {
          throw new LabException(why);
        });
    HaProxy.missing().forEach(why -> setting.say("  %s: without it, nothing is compared", why));
    LabOptions lab = LabOptions.of(3).withName("bench-proxy").withConfig(RELAXED);
    int[] port = new int[1];
    try (Arena arena =
        Arena.open(
            lab,
            cluster -> {
              port[0] = Ports.reserve(cluster.folder());
              return Arena.tireless("async").asLaunched().with("[listener]", "port = " + port[0]);
            })) {
      arena.awaitWhole();
      Sysbench sysbench = Sysbench.prepare(arena.primary(), arena.cluster().folder());
      for (LabServer replica : arena.others()) {
        arena.cluster().awaitCaughtUp(replica, arena.primary());
      }
      boolean uring = arena.daemon().said().contains("proxy: IO_URING");
      return report(rounds(arena, sysbench, port[0], setting), uring);
    }
  }

  private List<Point> rounds(Arena arena, Sysbench sysbench, int port, Setting setting)
      throws IOException {
    List<HaProxy> rivals = new ArrayList<>();
    try {
      int primary = arena.primary().port();
      List<Contender> contenders = new ArrayList<>();
      contenders.add(new Contender(DIRECT, primary, OptionalLong.empty()));
      for (int threads = 1; threads <= RIVALS.size() && HaProxy.missing().isEmpty(); threads++) {
        HaProxy rival = HaProxy.start(arena.cluster().folder(), threads, primary);
        rivals.add(rival);
        contenders.add(
            new Contender(RIVALS.get(threads - 1), rival.port(), OptionalLong.of(rival.pid())));
      }
      OptionalLong daemon = OptionalLong.of(arena.daemon().pid());
      contenders.add(new Contender(PINNED, port, daemon));
      contenders.add(new Contender(SPLIT, port, daemon));
      return rounds(arena, contenders, sysbench, setting);
    } finally {
      rivals.forEach(HaProxy::close);
    }
  }

  private List<Point> rounds(
      Arena arena, List<Contender> contenders, Sysbench sysbench, Setting setting)
      throws IOException {
    int seconds = setting.secondsOr(SECONDS);
    for (Contender contender : contenders) {
      if (List.of(PINNED, SPLIT).contains(contender.name())) {
        warmUp(arena, contender, sysbench, setting);
      }
    }
    List<Point> points = new ArrayList<>();
    for (Work work : Work.values()) {
      for (int threads : setting.threadsOr(THREADS)) {
        Point point = new Point(work, threads);
        points.add(point);
        for (int round = 0; round < setting.rounds(); round++) {
          // What the one before leaves to be done is not always the same one's burden.
          List<Contender> order = new ArrayList<>(contenders);
          Collections.rotate(order, round);
          for (Contender contender : order) {
            run(arena, contender, sysbench, point, seconds);
          }
        }
        point
            .contenders()
            .forEach(c ->
                setting.say(
                    "  %-24s %-20s %6.0f/s  p99 %7.2f ms  %5.1f us",
                    point.name(),
                    c,
                    point.median(c, Run::perSecond),
                    point.median(c, Run::p99),
                    point.median(c, Run::micros)));
      }
    }
    return points;
  }

  /** What is compiled or cached at the first statements is not their price. */
  private void warmUp(Arena arena, Contender contender, Sysbench sysbench, Setting setting)
      throws IOException {
    for (int i = 0; i < warmUpsMax; i++) {
      ProcessMeter daemon = ProcessMeter.of(arena.daemon().pid());
      for (Work work : Work.values()) {
        Point none = new Point(work, WARM_UP_THREADS);
        run(arena, contender, sysbench, none, WARM_UP_SECONDS);
      }
      double compiling = daemon.compilingSeconds();
      setting.say("  %s: %.2f s of compiling while it warmed up", contender.name(), compiling);
      if (compiling <= COMPILING_MAX_SECONDS) {
        return;
      }
    }
  }

  private static void run(
      Arena arena, Contender contender, Sysbench sysbench, Point point, int seconds)
      throws IOException {
    boolean pinned = contender.name().equals(PINNED);
    if (pinned) {
      drainReplicas(arena, "");
    }
    point.add(contender.name(), contender.run(sysbench, point.work(), point.threads(), seconds));
    if (pinned) {
      drainReplicas(arena, ",\"undo\":true");
    }
  }

  /** Without replicas to read from, everything goes to the primary. */
  private static void drainReplicas(Arena arena, String undo) throws IOException {
    for (LabServer replica : arena.others()) {
      DaemonClient.Answer answer =
          arena.daemon().client().run("drain", "\"name\":\"" + replica.name() + "\"" + undo);
      if (answer.exit() != 0) {
        throw arena.failed("drain " + replica.name() + ": " + answer.text());
      }
    }
  }

  // --- what came of it

  private Report report(List<Point> points, boolean uring) {
    List<Series> series = new ArrayList<>();
    ObjectNode more = Json.object();
    more.put("io_uring", uring);
    for (Point point : points) {
      point
          .fastest(RIVALS)
          .ifPresent(rival ->
              series.add(
                  Series.of(
                      point.name() + ", by " + rival,
                      point.ratios(PINNED, rival, Run::perSecond))));
      for (String contender : point.contenders()) {
        more.withArray("runs").add(json(point, contender));
      }
    }
    String way = uring ? "io_uring" : "epoll or less: io_uring is not to be had here";
    List<Report.Section> tables = List.of(table("Contenders; the proxy uses " + way, points));
    return new Report(
        name(),
        "our rate by HAProxy's",
        series,
        Bounds.claims(points, PINNED, RIVALS, uring),
        tables,
        more);
  }

  private static Report.Section table(String title, List<Point> points) {
    List<List<String>> rows = new ArrayList<>();
    for (Point point : points) {
      for (String contender : point.contenders()) {
        List<String> row = new ArrayList<>(List.of(point.name(), contender));
        row.add(Figures.number(point.median(contender, Run::perSecond)));
        row.add(Figures.number(point.median(contender, Run::p99)));
        row.add(Figures.number(point.median(contender, Run::micros)));
        row.add(Figures.number(ratio(point, contender, DIRECT)));
        RIVALS.forEach(rival -> row.add(Figures.number(ratio(point, contender, rival))));
        rows.add(row);
      }
    }
    List<String> titles =
        List.of("load", "by way of", "QPS", "p99 ms", "CPU us", "/ direct", "/ 1 thr", "/ 2 thr");
    return new Report.Section(title, titles, rows);
  }

  private static double ratio(Point point, String contender, String other) {
    return new Sample(point.ratios(contender, other, Run::perSecond)).median();
  }

  private static ObjectNode json(Point point, String contender) {
    ObjectNode node = Json.object();
    node.put("work", point.work().words());
    node.put("threads", point.threads());
    node.put("contender", contender);
    node.put("qps", Figures.rounded(point.median(contender, Run::perSecond)));
    node.put("p99_ms", Figures.rounded(point.median(contender, Run::p99)));
    node.put("cpu_us_per_query", Figures.rounded(point.median(contender, Run::micros)));
    return node;
  }
}
