package dev.regent.bench.cost;

import dev.regent.bench.measure.Bench;
import dev.regent.bench.measure.Claim;
import dev.regent.bench.measure.Report;
import dev.regent.bench.measure.Series;
import dev.regent.bench.measure.Setting;
import dev.regent.cli.fake.FakeCluster;
import dev.regent.lab.arena.Arena;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.LabFolders;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a client command takes, from the shell's view; and how long it takes {@code
 * mariadb-repmgr} to say its first word to a server, since a failover waits for that.
 */
public final class StartBench implements Bench {
  private static final double BOUND_MILLIS = 250;

  private static final double STATEMENT_BOUND_MILLIS = 400;

  /** The first runs build what is stale, and make the cache of loaded classes. */
  private static final int UNCOUNTED = 2;

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String summary() {
    return "./regent --version and status, cold through the launcher: median <= 250 ms;"
        + " mariadb-repmgr to its first statement: <= 400 ms";
  }

  @Override
  public int rounds() {
    return 20;
  }

  @Override
  public Report run(Setting setting) throws IOException, InterruptedException {
    Series version = measure("regent --version", setting, List.of("--version"));
    Series statement = firstStatement(setting);
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
          List.of(status, version, statement),
          List.of(claim(status), claim(version), claimOfStatement(statement)),
          List.of(),
          Json.object());
    }
  }

  private static Claim claim(Series series) {
    return Claim.atMost(series.name() + ", median", series.sample().median(), BOUND_MILLIS, "ms");
  }

  private static Claim claimOfStatement(Series series) {
    double median = series.sample().median();
    return Claim.atMost(series.name() + ", median", median, STATEMENT_BOUND_MILLIS, "ms");
  }

  /** From the start of the launcher to the first statement, beside a primary that is gone. */
  private static Series firstStatement(Setting setting) throws IOException, InterruptedException {
    Path state = Files.createTempDirectory("repmgr");
    try (FakeCluster cluster = FakeCluster.orphaned()) {
      List<String> servers = cluster.ports().stream().map(p -> "127.0.0.1:" + p).toList();
      List<String> command =
          List.of(
              home().resolve("mariadb-repmgr").toString(),
              "-host=" + servers.getFirst(),
              "-slaves=" + String.join(",", servers),
              "-user=nobody:nothing",
              "-rpluser=nobody:nothing",
              "-state-dir=" + state,
              "-failover=check");
      for (int i = 0; i < UNCOUNTED; i++) {
        run(command);
      }
      List<Double> millis = new ArrayList<>();
      for (int i = 0; i < setting.rounds(); i++) {
        cluster.forget();
        long began = System.nanoTime();
        run(command);
        millis.add((cluster.firstStatementNanos().orElseThrow() - began) / 1e6);
      }
      String name = "mariadb-repmgr, first statement";
      setting.say("  %s: %d runs", name, millis.size());
      return Series.bounded(name, millis, STATEMENT_BOUND_MILLIS);
    } finally {
      LabFolders.deleteTree(state);
    }
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
    return home().resolve("regent");
  }

  private static Path home() {
    String home = System.getProperty("regent.home", "");
    if (home.isEmpty()) {
      throw new LabException("Where is the launcher? Run it as ./regent bench start");
    }
    return Path.of(home);
  }
}
