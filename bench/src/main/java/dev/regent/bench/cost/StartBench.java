package dev.regent.bench.cost;

import dev.regent.bench.measure.Bench;
import dev.regent.bench.measure.Claim;
import dev.regent.bench.measure.Report;
import dev.regent.bench.measure.Series;
import dev.regent.bench.measure.Setting;
import dev.regent.lab.arena.Arena;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.machine.LabException;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How long a client command takes, from the shell's view. */
public final class StartBench implements Bench {
  private static final double BOUND_MILLIS = 250;

  /** The first runs build what is stale, and make the cache of loaded classes. */
  private static final int UNCOUNTED = 2;

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String summary() {
    return "./regent --version and ./regent status, cold through the launcher: median <= 250 ms";
  }

  @Override
  public int rounds() {
    return 20;
  }

  @Override
  public Report run(Setting setting) throws IOException, InterruptedException {
    Series version = measure("regent --version", setting, List.of("--version"));
    try (Arena arena =
        Arena.open(LabOptions.of(3).withName("bench-start"), Arena.tireless("safe"))) {
      arena.awaitWhole();
      Series status =
          measure(
              "regent status",
              setting,
              List.of("status", "--socket", arena.daemon().socket().toString()));
      return new Report(
          name(),
          "ms",
          List.of(status, version),
          List.of(claim(status), claim(version)),
          List.of(),
          Json.object());
    }
  }

  private static Claim claim(Series series) {
    return Claim.atMost(series.name() + ", median", series.sample().median(), BOUND_MILLIS, "ms");
  }

  private static Series measure(String name, Setting setting, List<String> words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher().toString()));
    command.addAll(words);
    for (int i = 0; i < UNCOUNTED; i++) {
      run(command);
    }
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < setting.rounds(); i++) {
      millis.add(run(command));
    }
    setting.say("  %s: %d runs", name, millis.size());
    return Series.bounded(name, millis, BOUND_MILLIS);
  }

  private static double run(List<String> command) throws IOException, InterruptedException {
    long began = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    double millis = (System.nanoTime() - began) / 1e6;
    if (exit != 0) {
      throw new LabException(String.join(" ", command) + " ended with " + exit + ": " + said);
    }
    return millis;
  }

  private static Path launcher() {
    String home = System.getProperty("regent.home", "");
    if (home.isEmpty()) {
      throw new LabException("Where is the launcher? Run it as ./regent bench start");
    }
    return Path.of(home, "regent");
  }
}
