package dev.regent.lab.drill;

import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.ExitCode;
import dev.regent.lab.command.TextTable;
import dev.regent.lab.scenario.Scenario;
import dev.regent.lab.scenario.Through;
import dev.regent.lab.script.Catalogue;
import dev.regent.server.config.Config;
import dev.regent.server.config.ConfigLoader;
import dev.regent.server.config.ConfigResult;
import dev.regent.server.config.Surroundings;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code regent drill}: breaks real clusters under load, and knows every acknowledged write. */
@Command(
    name = "drill",
    description = {
      "Break a MariaDB cluster of this machine on purpose, under load, and check what came of it:",
      "no acknowledged write lost, never two primaries, all servers equal again.",
      "Without a scenario, or with --list: say which there are.",
      "",
      "With -c, on a cluster that is yours: a switchover there and back, by orders to its running",
      "manager. Nothing is broken; --confirm has to name the cluster.",
    },
    footer = {
      "",
      "Examples:",
      "  regent drill kill",
      "  regent drill kill freeze --profile available --rounds 5",
      "  regent drill kill --proxy yes                       # clients see a pause, and no error",
      "  regent drill --all --rounds 10 --report drill.md    # the long form",
      "  regent drill switchover -c regent.toml --confirm shop",
      "",
      ExitCode.HELP
    })
public final class DrillCommand implements Callable<Integer> {
  private static final int ROUNDS_MAX = 10_000;
  private static final String EVERY = "all";

  /** The phases of more scenarios are for the report. */
  private static final int PHASES_OF_MAX = 4;

  @Parameters(paramLabel = "SCENARIO", description = "Which ones to play.")
  private List<String> names = List.of();

  @Option(names = "--list", description = "List the scenarios.")
  private boolean list;

  @Option(names = "--all", description = "Play all of them.")
  private boolean everything;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = {
        "Play each N times (default: 1).",
        "With --all, those that the list marks with a weight that many times more often."
      })
  private @Nullable Integer rounds;

  @Option(
      names = "--profile",
      paramLabel = "P",
      description = {
        "safe, available, async, or all that a scenario is made for.",
        "Default: the first one that its entry in the list names."
      })
  private @Nullable String profile;

  @Option(
      names = "--servers",
      paramLabel = "N",
      description = "How many servers a cluster has (default: what the scenario needs, mostly 3).")
  private int servers;

  @Option(
      names = "--proxy",
      paramLabel = "WHO",
      description = {
        "Which writers go through the manager's proxy: yes (all but one), no, or mixed (half of",
        "them, the default). Half of those use a read_write_split port, half a primary one."
      })
  private String proxy = "mixed";

  @Option(
      names = "--skip-unavailable",
      description = "A scenario that cannot be played on this machine is no failure.")
  private boolean skipUnavailable;

  @Option(names = "--report", paramLabel = "FILE", description = "Write all of it down, Markdown.")
  private @Nullable Path report;

  @Option(names = "--json", description = "Print one JSON object as the last line.")
  private boolean json;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Drill the cluster of this configuration instead; only switchover.")
  private @Nullable Path config;

  @Option(
      names = "--confirm",
      paramLabel = "CLUSTER",
      description = "The name of that cluster: yes, this one.")
  private String confirm = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws IOException {
    if (config != null) {
      return onRealCluster(config);
    }
    if (!confirm.isEmpty()) {
      throw mistake("--confirm is for a cluster of yours; name its configuration with -c");
    }
    if (list || (names.isEmpty() && !everything)) {
      out.print(listing());
      return ExitCode.DONE;
    }
    if (rounds != null && (rounds < 1 || rounds > ROUNDS_MAX)) {
      throw mistake("--rounds: 1 to " + ROUNDS_MAX);
    }
    Instant began = Instant.now();
    Account account = new Series(out, servers, through()).play(items(), skipUnavailable);
    out.println();
    out.print(account.table());
    out.print(account.proxied());
    if (account.groups().size() <= PHASES_OF_MAX) {
      out.print(account.phases());
    }
    out.println(account.verdict());
    if (report != null) {
      ReportFile.write(report, account, began);
      out.println("Written down in " + report + ".");
    }
    if (json) {
      out.println(Json.write(account.json()));
    }
    out.flush();
    return account.held() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private int onRealCluster(Path file) throws IOException {
    if (!names.equals(List.of(RealDrill.NAME))) {
      throw mistake("on a cluster of yours there is one drill: " + RealDrill.NAME);
    }
    PrintStream err = System.err;
    return switch (ConfigLoader.load(file, Surroundings.here())) {
      case ConfigResult.Invalid invalid -> {
        invalid.mistakes().forEach(m -> err.println(file + ": " + m.sentence()));
        yield ExitCode.MISTAKE;
      }
      case ConfigResult.Ok ok -> onRealCluster(ok.config(), err);
    };
  }

  private int onRealCluster(Config loaded, PrintStream err) throws IOException {
    String name = loaded.spec().name();
    if (!confirm.equals(name)) {
      err.printf(
          "regent drill: this moves the primary of cluster \"%s\" and moves it back, under"
              + " whatever load there is. If that is what you want: --confirm %s%n",
          name, name);
      return ExitCode.HELD;
    }
    try {
      return RealDrill.play(loaded, json, out);
    } catch (CommandException e) {
      err.println("regent drill: " + e.getMessage());
      return e.exitCode();
    }
  }

  private static String listing() {
    List<List<String>> rows =
        Catalogue.all().stream()
            .map(s ->
                List.of(
                    s.name(),
                    s.fault().text(),
                    String.join(" ", s.profiles()),
                    s.weight() == 1 ? "" : "x" + s.weight(),
                    s.sentence() + s.unavailable().map(w -> " [not here: " + w + "]").orElse("")))
            .toList();
    return TextTable.plain(List.of("SCENARIO", "FAULT", "PROFILES", "", "WHAT IS DONE"), rows);
  }

  /** Grouped by the ground they need, so that one cluster serves as many as it can. */
  private List<Series.Item> items() {
    List<Series.Item> items = new ArrayList<>();
    for (Scenario scenario : chosen()) {
      int times = rounds == null ? 1 : rounds * (everything ? scenario.weight() : 1);
      for (String in : profilesOf(scenario)) {
        items.add(new Series.Item(scenario, in, times));
      }
    }
    items.sort(
        Comparator.comparing((Series.Item i) -> i.profile())
            .thenComparing(i -> i.scenario().setup().toString()));
    return items;
  }

  private List<Scenario> chosen() {
    if (everything) {
      return Catalogue.all();
    }
    return names.stream().map(this::named).toList();
  }

  private Scenario named(String name) {
    return Catalogue.all().stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> mistake("there is no scenario \"" + name + "\"; see regent drill --list"));
  }

  private List<String> profilesOf(Scenario scenario) {
    if (profile == null) {
      return List.of(scenario.profiles().getFirst());
    }
    if (profile.equals(EVERY)) {
      return scenario.profiles();
    }
    if (!Scenario.ALL.contains(profile)) {
      throw mistake("--profile: safe, available, async or all, not \"" + profile + "\"");
    }
    if (!scenario.profiles().contains(profile)) {
      if (everything) {
        return List.of();
      }
      throw mistake(
          scenario.name() + " is made for " + String.join(", ", scenario.profiles()) + " only");
    }
    return List.of(profile);
  }

  private Through through() {
    return switch (proxy) {
      case "yes" -> Through.YES;
      case "no" -> Through.NO;
      case "mixed" -> Through.MIXED;
      default -> throw mistake("--proxy: yes, no or mixed, not \"" + proxy + "\"");
    };
  }

  private ParameterException mistake(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
