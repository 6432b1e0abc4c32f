package dev.regent.bench.cost;

import dev.regent.bench.measure.Bench;
import dev.regent.bench.measure.Claim;
import dev.regent.bench.measure.ProcessMeter;
import dev.regent.bench.measure.Report;
import dev.regent.bench.measure.Series;
import dev.regent.bench.measure.Setting;
import dev.regent.lab.arena.Arena;
import dev.regent.lab.arena.Waiting;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.measure.Figures;
import dev.regent.lab.measure.Sample;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.databind.node.ObjectNode;

/** A daemon that watches a healthy cluster. */
public final class IdleBench implements Bench {
  private static final double CPU_PERCENT = 3;
  private static final double RESIDENT_MB = 150;
  private static final int SERVERS = 3;
  private static final double PROBES_PER_SECOND = 4.0 * SERVERS;

  /** The virtual machine compiles what it runs often; a daemon lives for months. */
  private static final Duration WARM_UP = Duration.ofSeconds(45);

  private static final Duration WINDOW = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public String summary() {
    return "the daemon over 3 idle servers at 250 ms: <= 3 % of one core, <= 150 MB resident";
  }

  @Override
  public int rounds() {
    return 3;
  }

  @Override
  public Report run(Setting setting) throws IOException, InterruptedException {
    LabOptions lab = LabOptions.of(SERVERS).withName("bench-idle");
    try (Arena arena = Arena.open(lab, Arena.tireless("safe").asLaunched())) {
      arena.awaitWhole();
      ProcessMeter first = ProcessMeter.of(arena.daemon().pid());
      Waiting.pass(WARM_UP);
      double warmUp = first.cpuPercent();
      setting.say("  %.1f %% of one core while it warms up", warmUp);
      return measure(arena, setting, warmUp);
    }
  }

  private Report measure(Arena arena, Setting setting, double warmUp)
      throws IOException, InterruptedException {
    List<Double> cpu = new ArrayList<>();
    List<Double> resident = new ArrayList<>();
    List<ProcessMeter> servers = new ArrayList<>();
    for (LabServer server : arena.cluster().servers()) {
      servers.add(ProcessMeter.of(server.pid().orElseThrow()));
    }
    ProcessMeter whole = ProcessMeter.of(arena.daemon().pid());
    long began = System.nanoTime();
    for (int i = 0; i < setting.rounds(); i++) {
      ProcessMeter daemon = ProcessMeter.of(arena.daemon().pid());
      Waiting.pass(WINDOW);
      cpu.add(daemon.cpuPercent());
      resident.add(daemon.residentMegabytes());
      setting.say("  %.1f %% of one core, %.0f MB", cpu.getLast(), resident.getLast());
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    List<List<String>> threads = new ArrayList<>();
    threads.add(
        List.of("(all, in the first " + WARM_UP.toSeconds() + " s)", Figures.number(warmUp)));
    for (Map.Entry<String, Double> one : whole.cpuSecondsByThread().entrySet()) {
      threads.add(List.of(one.getKey(), Figures.number(100 * one.getValue() / seconds)));
    }
    double serverCpu = 0;
    for (ProcessMeter server : servers) {
      serverCpu += server.cpuSeconds();
    }
    double perProbe = mean(cpu) / 100 / PROBES_PER_SECOND * 1e6;
    double serverPerProbe = serverCpu / seconds / PROBES_PER_SECOND * 1e6;
    Sample probes = ProbeTimes.measure(arena);
    return report(cpu, resident, perProbe, serverPerProbe, probes, threads);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
  }

  private Report report(
      List<Double> cpu,
      List<Double> resident,
      double perProbe,
      double serverPerProbe,
      Sample probes,
      List<List<String>> threads) {
    Series share = new Series("% of one core", new Sample(cpu), OptionalDouble.of(CPU_PERCENT));
    Series memory = new Series("resident MB", new Sample(resident), OptionalDouble.of(RESIDENT_MB));
    Series times = new Series("time per probe, us", probes, OptionalDouble.empty());
    List<List<String>> rows =
        List.of(
            List.of("processor time per probe, daemon", Figures.number(perProbe) + " us"),
            List.of(
                "processor time per probe, server (all that it does)",
                Figures.number(serverPerProbe) + " us"));
    ObjectNode more = Json.object();
    more.put("resident_mb", Figures.rounded(memory.sample().max()));
    more.put("cpu_us_per_probe", Figures.rounded(perProbe));
    more.put("server_cpu_us_per_probe", Figures.rounded(serverPerProbe));
    more.put("probe_us_median", Figures.rounded(probes.median()));
    return new Report(
        name(),
        "% of one core",
        List.of(share, memory, times),
        List.of(
            Claim.atMost("processor, mean", mean(cpu), CPU_PERCENT, "% of one core"),
            Claim.atMost("resident memory", memory.sample().max(), RESIDENT_MB, "MB")),
        List.of(
            new Report.Section("Per probe", List.of("what", "cost"), rows),
            new Report.Section(
                "By thread of the daemon", List.of("thread", "% of one core"), threads)),
        more);
  }
}
