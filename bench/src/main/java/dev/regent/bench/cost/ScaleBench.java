package dev.regent.bench.cost;

import dev.regent.bench.fake.BareDaemon;
import dev.regent.bench.measure.Bench;
import dev.regent.bench.measure.Claim;
import dev.regent.bench.measure.ProcessMeter;
import dev.regent.bench.measure.Report;
import dev.regent.bench.measure.Series;
import dev.regent.bench.measure.Setting;
import dev.regent.cli.fake.FakeCluster;
import dev.regent.lab.arena.Waiting;
import dev.regent.lab.measure.Figures;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** A daemon over a hundred servers, which are pretended by this process. */
public final class ScaleBench implements Bench {
  private static final int SERVERS = 100;
  private static final Duration ALL_SEEN_WITHIN = Duration.ofSeconds(60);
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration WINDOW = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "scale";
  }

  @Override
  public String summary() {
    return "the daemon over 100 pretended servers at 1 s: processor time per server and probe,"
        + " memory (no bound)";
  }

  @Override
  public int rounds() {
    return 3;
  }

  @Override
  public Report run(Setting setting) throws IOException, InterruptedException {
    try (FakeCluster cluster = FakeCluster.of(SERVERS);
        BareDaemon daemon = BareDaemon.start(cluster, "interval = \"1s\"")) {
      boolean whole = Waiting.until(ALL_SEEN_WITHIN, Duration.ofMillis(100), () -> daemon.isWell());
      Waiting.pass(WARM_UP);
      long asked = cluster.probes();
      long began = System.nanoTime();
      List<Double> cpu = new ArrayList<>();
      List<Double> resident = new ArrayList<>();
      for (int i = 0; i < setting.rounds(); i++) {
        ProcessMeter meter = ProcessMeter.of(daemon.pid());
        Waiting.pass(WINDOW);
        cpu.add(meter.cpuPercent());
        resident.add(meter.residentMegabytes());
        setting.say("  %.1f %% of one core, %.0f MB", cpu.getLast(), resident.getLast());
      }
      double probesPerSecond = (cluster.probes() - asked) * 1e9 / (System.nanoTime() - began);
      return report(cpu, resident, probesPerSecond, whole, daemon);
    }
  }

  private Report report(
      List<Double> cpu,
      List<Double> resident,
      double probesPerSecond,
      boolean whole,
      BareDaemon daemon)
      throws IOException {
    double mean = cpu.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
    double perProbe = mean / 100 / probesPerSecond * 1e6;
    Series share = Series.of("% of one core", cpu);
    Series memory = Series.of("resident MB", resident);
    List<List<String>> rows =
        List.of(
            List.of("probes per second", Figures.number(probesPerSecond)),
            List.of("processor time per probe, all included", Figures.number(perProbe) + " us"),
            List.of("share of one core per server", Figures.number(mean / SERVERS) + " %"),
            List.of(
                "resident memory per server",
                Figures.number(memory.sample().max() / SERVERS) + " MB"));
    ObjectNode more = Json.object();
    more.put("servers", SERVERS);
    more.put("resident_mb", Figures.rounded(memory.sample().max()));
    more.put("cpu_us_per_probe", Figures.rounded(perProbe));
    more.put("cpu_percent_per_server", Figures.rounded(mean / SERVERS));
    return new Report(
        name(),
        "% of one core",
        List.of(share, memory),
        List.of(
            Claim.of(
                "all " + SERVERS + " servers are seen and nothing is wrong" + daemon.complaint(),
                whole),
            Claim.of(
                "every server is probed once a second: "
                    + Figures.number(probesPerSecond)
                    + " probes/s",
                probesPerSecond >= 0.9 * SERVERS)),
        List.of(new Report.Section("Cost", List.of("what", "figure"), rows)),
        more);
  }
}
