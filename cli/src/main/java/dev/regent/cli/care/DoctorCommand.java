package dev.regent.cli.care;

import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.ExitCode;
import dev.regent.cli.client.Surroundings;
import dev.regent.server.checkup.Privileges;
import dev.regent.server.checkup.Release;
import dev.regent.server.config.Config;
import dev.regent.server.config.ConfigLoader;
import dev.regent.server.config.ConfigResult;
import dev.regent.server.connect.Account;
import dev.regent.server.doctor.Doctor;
import dev.regent.server.doctor.Mending;
import dev.regent.server.doctor.Report;
import dev.regent.server.doctor.ReportJson;
import dev.regent.server.doctor.ReportText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "doctor",
    description = {
      "Examines every server of a configuration, over its own connections and without a daemon:"
          + " privileges one by one, settings, replication, semi-sync, releases, clocks. Each"
          + " finding comes with its reason and with the statement that mends it.",
      "Nothing is changed without --fix."
    },
    footer = {
      "",
      "Examples:",
      "  regent doctor -c regent.toml",
      "  regent doctor -c regent.toml --fix   # shows the statements and asks",
      "  regent doctor --fix --as root        # and lets root grant what lacks",
      "  regent doctor --grants 11.4          # what the accounts need",
      "  regent doctor --json | jq .findings",
      "",
      "Exit codes: 0 nothing worse than a notice, 1 internal error, 2 mistake in usage or"
          + " configuration, 3 findings, or not agreed to, 4 a statement of --fix failed."
    })
public final class DoctorCommand implements Callable<Integer> {
  private static final String PASSWORD = "REGENT_AS_PASSWORD";

  private final Surroundings surroundings;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "the cluster to examine (default: ${DEFAULT-VALUE})")
  private String file = "regent.toml";

  @Option(names = "--fix", description = "send the statements that mend at once, after asking")
  private boolean fix;

  @Option(
      names = {"-y", "--yes"},
      description = "do not ask")
  private boolean yes;

  @Option(
      names = "--as",
      paramLabel = "USER",
      description = "who grants with --fix; the password comes from " + PASSWORD)
  private String as = "";

  @Option(
      names = "--as-password-file",
      paramLabel = "FILE",
      description = "a file with that password instead")
  private String asFile = "";

  @Option(names = "--json", description = "one JSON object instead of text")
  private boolean json;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "how long a server may take (default: ${DEFAULT-VALUE})")
  private int seconds = (int) Doctor.PATIENCE.toSeconds();

  @Option(
      names = "--grants",
      paramLabel = "VERSION",
      description = "print what makes both accounts on such a server, and contact nobody")
  private String version = "";

  public DoctorCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws CommandException {
    checkUsage();
    if (!version.isEmpty()) {
      return grants();
    }
    Config config = config();
    Duration patience = Duration.ofSeconds(seconds);
    Doctor doctor = new Doctor(config, patience);
    Report report = doctor.examine();
    if (!fix) {
      return tell(report, List.of());
    }
    return mend(doctor, report, new Mending(config, granting(), patience));
  }

  private void checkUsage() throws CommandException {
    if (!fix && (yes || !as.isEmpty())) {
      throw mistake("--yes and --as go with --fix; without it nothing is changed");
    }
    if (as.isEmpty() && !asFile.isEmpty()) {
      throw mistake("--as-password-file needs --as USER: whose password is it?");
    }
    if (seconds < 1 || seconds > 3600) {
      throw mistake("--timeout is " + seconds + "; write seconds from 1 to 3600");
    }
    if (fix && !yes && !asks()) {
      throw mistake("--fix asks before it changes anything, and nobody is here; add --yes");
    }
  }

  private boolean asks() {
    return surroundings.inIsTerminal() && surroundings.outIsTerminal() && !json;
  }

  private static CommandException mistake(String words) {
    return new CommandException(ExitCode.MISTAKE, words);
  }

  private int grants() throws CommandException {
    try {
      Release release = Release.parse(version);
      Privileges.statements(release, "regent", "replica")
          .forEach(sql -> surroundings.out().println(sql + ";"));
      return ExitCode.DONE;
    } catch (IllegalArgumentException e) {
      throw mistake("--grants " + version + ": write a version such as 10.11 or 11.4.5");
    }
  }

  private Config config() throws CommandException {
    Path path = Path.of(file);
    return switch (ConfigLoader.load(path, here())) {
      case ConfigResult.Ok ok -> ok.config();
      case ConfigResult.Invalid invalid -> {
        invalid.mistakes().forEach(m -> surroundings.err().println(path + ": " + m.sentence()));
        throw mistake(
            path + " has " + invalid.mistakes().size() + " mistakes; nobody was examined");
      }
    };
  }

  private dev.regent.server.config.Surroundings here() {
    return new dev.regent.server.config.Surroundings(
        surroundings.environment(), surroundings.user(), surroundings.home());
  }

  /** Never from the command line, where everybody on the machine could read it. */
  private Optional<Account> granting() throws CommandException {
    if (as.isEmpty()) {
      return Optional.empty();
    }
    if (asFile.isEmpty()) {
      String password = surroundings.environment().getOrDefault(PASSWORD, "");
      if (password.isEmpty()) {
        throw mistake("--as " + as + " needs a password: set " + PASSWORD + ", or name a file");
      }
      return Optional.of(new Account(as, password));
    }
    try {
      return Optional.of(new Account(as, Files.readString(Path.of(asFile)).stripTrailing()));
    } catch (IOException e) {
      throw mistake("--as-password-file " + asFile + " cannot be read: " + e);
    }
  }

  private int tell(Report report, List<Mending.Deed> mended) {
    if (json) {
      surroundings.out().println(ReportJson.line(report, mended));
    } else {
      ReportText.lines(report).forEach(surroundings.out()::println);
    }
    boolean failed = mended.stream().anyMatch(d -> d.error().isPresent());
    return failed ? ExitCode.FAILED : report.healthy() ? ExitCode.DONE : ExitCode.HELD;
  }

  private int mend(Doctor doctor, Report before, Mending mending) throws CommandException {
    List<Mending.Intent> plan = mending.plan(before);
    if (plan.isEmpty()) {
      return tell(before, List.of());
    }
    if (!yes) {
      ReportText.lines(before).forEach(surroundings.out()::println);
      surroundings.out().println();
      plan.forEach(i -> surroundings.out().println(i.sentence()));
      if (!agreed(plan.size())) {
        throw new CommandException(ExitCode.HELD, "not agreed to: nothing was changed");
      }
    }
    List<Mending.Deed> deeds = mending.apply(plan);
    if (!json) {
      deeds.forEach(d ->
          surroundings.out().println((d.error().isEmpty() ? "done  " : "      ") + d.sentence()));
      surroundings.out().println();
      ReportText.lasting(before).forEach(surroundings.out()::println);
    }
    return tell(doctor.examine(), deeds);
  }

  private boolean agreed(int count) throws CommandException {
    surroundings.out().print("Send these " + count + " statements? [y/N] ");
    surroundings.out().flush();
    try {
      String answer = surroundings.in().readLine();
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    } catch (IOException e) {
      throw new CommandException(ExitCode.HELD, "no answer could be read: " + e.getMessage());
    }
  }
}
