package dev.regent.bench.cost;

import dev.regent.bench.measure.Bench;
import dev.regent.bench.measure.Claim;
import dev.regent.bench.measure.Report;
import dev.regent.bench.measure.Series;
import dev.regent.bench.measure.Setting;
import dev.regent.lab.machine.LabException;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The core alone, by JMH. */
public final class CoreBench implements Bench {
  private static final int WARM_UPS = 4;
  private static final TimeValue ITERATION = TimeValue.milliseconds(500);

  @Override
  public String name() {
    return "core";
  }

  @Override
  public String summary() {
    return "the control loop's step after a probe, over 3 and over 100 servers, by JMH (no bound)";
  }

  @Override
  public int rounds() {
    return 10;
  }

  @Override
  public Report run(Setting setting) throws IOException {
    Options options =
        new OptionsBuilder()
            .include(CoreWork.class.getName() + "\\.")
            .forks(1)
            .jvmArgs("-XX:+UseSerialGC", "-Xmx64m", "--sun-misc-unsafe-memory-access=allow")
            .warmupIterations(WARM_UPS)
            .warmupTime(ITERATION)
            .measurementIterations(setting.rounds())
            .measurementTime(ITERATION)
            .verbosity(VerboseMode.SILENT)
            .build();
    try {
      return report(new Runner(options).run());
    } catch (RunnerException e) {
      throw new LabException("JMH: " + e.getMessage(), e);
    }
  }

  private Report report(Collection<RunResult> results) {
    List<Series> series = new ArrayList<>();
    for (RunResult result : results) {
      String name = words(result) + ", " + result.getParams().getParam("servers") + " servers";
      List<Double> micros = new ArrayList<>();
      result
          .getBenchmarkResults()
          .forEach(b -> b.getIterationResults().forEach(i -> micros.add(score(i))));
      series.add(Series.of(name, micros));
    }
    return new Report(
        name(),
        "us",
        series,
        List.of(Claim.of(series.size() + " series were measured", !series.isEmpty())),
        List.of(),
        Json.object());
  }

  private static String words(RunResult result) {
    String benchmark = result.getParams().getBenchmark();
    return switch (benchmark.substring(benchmark.lastIndexOf('.') + 1)) {
      case "probe" -> "a probe arrives";
      case "decideWell" -> "diagnose and decide, all well";
      case "decideDead" -> "diagnose and decide, primary dead";
      default -> benchmark;
    };
  }

  private static double score(IterationResult iteration) {
    return iteration.getPrimaryResult().getScore();
  }
}
