package dev.regent.bench;

import dev.regent.bench.measure.Bench;
import dev.regent.bench.measure.Report;
import dev.regent.bench.measure.Setting;
import dev.regent.bench.measure.Verdict;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Runs one benchmark, or all, and says whether its bounds hold. */
@Command(
    name = "regent bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measure Regent on this machine, on real servers, and check the promised bounds.",
      "Without a name: list the benchmarks.",
      "",
      "Exits 0 if every bound holds, 1 if one is missed, 5 if one is missed and the machine was"
          + " too busy to tell why, 2 for a mistake in the command."
    })
final class BenchCommand implements Callable<Integer> {
  private static final int USAGE = 2;

  /** Where the lab puts what servers write; without it, where it likes. */
  private static final String PLACE = "regent.lab.data";

  private static final String ALL = "all";
  private static final int ROUNDS_MAX = 10_000;
  private static final int SECONDS_MAX = 3_600;

  /** The lab's servers take 300 clients. */
  private static final int THREADS_MAX = 250;

  private final List<Bench> benches;
  private final PrintStream out;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "Which one; \"all\" for all of them.")
  private @Nullable String name;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often (default: the benchmark's own number).")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long each run of a load lasts (proxy: 5, sessions: 60).")
  private int seconds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "Clients at one time, one run for each number (proxy; default: 1,8,32,128).")
  private List<Integer> threads = List.of();

  @Option(
      names = "--json",
      description = "Print one JSON object with the figures as the last line.")
  private boolean json;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = {
        "Where servers and daemon have their files, which decides what a sync costs.",
        "Default: the folder for temporary files, which should be a disk; proxy: memory."
      })
  private @Nullable Path data;

  BenchCommand(List<Bench> benches, PrintStream out) {
    this.benches = List.copyOf(benches);
    this.out = out;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (name == null) {
      list();
      return 0;
    }
    List<Bench> chosen =
        name.equals(ALL) ? benches : benches.stream().filter(b -> b.name().equals(name)).toList();
    Optional<String> mistake = mistake(chosen);
    if (mistake.isPresent()) {
      out.println(mistake.get());
      list();
      return USAGE;
    }
    return run(chosen);
  }

  private Optional<String> mistake(List<Bench> chosen) {
    if (chosen.isEmpty()) {
      return Optional.of("There is no benchmark \"" + name + "\".");
    }
    if (rounds < 0 || rounds > ROUNDS_MAX) {
      return Optional.of("--rounds: 1 to " + ROUNDS_MAX);
    }
    if (seconds < 0 || seconds > SECONDS_MAX) {
      return Optional.of("--seconds: 1 to " + SECONDS_MAX);
    }
    return threads.stream().allMatch(n -> n >= 1 && n <= THREADS_MAX)
        ? Optional.empty()
        : Optional.of("--threads: numbers from 1 to " + THREADS_MAX + ", e.g. 8,32");
  }

  /** The lab prefers memory, where a sync costs nothing; most benchmarks must not. */
  private String place(Bench bench, String chosen) {
    if (data != null) {
      return data.toAbsolutePath().toString();
    }
    return chosen.isEmpty() && bench.syncs() ? System.getProperty("java.io.tmpdir") : chosen;
  }

  private void list() {
    out.println("The benchmarks of regent bench NAME:");
    for (Bench bench : benches) {
      out.printf(Locale.ROOT, "  %-11s %s%n", bench.name(), bench.summary());
    }
    out.printf(Locale.ROOT, "  %-11s all of them, one after the other%n", ALL);
  }

  private int run(List<Bench> chosen) throws IOException, InterruptedException {
    List<Report> reports = new ArrayList<>();
    String place = System.getProperty(PLACE, "");
    for (Bench bench : chosen) {
      System.setProperty(PLACE, place(bench, place));
      out.println(bench.name() + ": " + bench.summary());
      Report report =
          bench.run(new Setting(rounds == 0 ? bench.rounds() : rounds, out, seconds, threads));
      out.println(report.text());
      reports.add(report);
    }
    Verdict verdict = Verdict.worst(reports.stream().map(Report::verdict).toList());
    if (json) {
      out.println(Json.write(reports.size() == 1 ? reports.getFirst().json() : all(reports)));
    }
    out.flush();
    return verdict.exit();
  }

  private static ObjectNode all(List<Report> reports) {
    ObjectNode node = Json.object();
    node.put("name", ALL);
    node.put("held", reports.stream().allMatch(r -> r.verdict() == Verdict.HELD));
    reports.forEach(r -> node.withArray("benches").add(r.json()));
    return node;
  }
}
