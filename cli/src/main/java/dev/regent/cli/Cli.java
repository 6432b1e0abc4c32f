package dev.regent.cli;

import dev.regent.cli.care.DoctorCommand;
import dev.regent.cli.care.ImportCommand;
import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.DaemonOptions;
import dev.regent.cli.client.ExitCode;
import dev.regent.cli.client.Surroundings;
import dev.regent.cli.commands.CompletionCommand;
import dev.regent.cli.commands.ConfigCommand;
import dev.regent.cli.commands.EventsCommand;
import dev.regent.cli.commands.ExplainCommand;
import dev.regent.cli.commands.FailoverCommand;
import dev.regent.cli.commands.MaintenanceCommand;
import dev.regent.cli.commands.MaxadminCommand;
import dev.regent.cli.commands.PauseCommand;
import dev.regent.cli.commands.PlanCommand;
import dev.regent.cli.commands.RejoinCommand;
import dev.regent.cli.commands.ResumeCommand;
import dev.regent.cli.commands.RunCommand;
import dev.regent.cli.commands.StatusCommand;
import dev.regent.cli.commands.SwitchoverCommand;
import dev.regent.cli.front.DrainCommand;
import dev.regent.cli.front.KillCommand;
import dev.regent.cli.front.SessionsCommand;
import dev.regent.cli.top.TopCommand;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The list of commands, and what happens to words that are none. The command that is asked for is
 * the only one that is made: picocli reads each by reflection, and the operator waits.
 */
final class Cli {
  private static final List<String> COMMANDS =
      List.of(
          "run",
          "config",
          "doctor",
          "import",
          "status",
          "top",
          "explain",
          "events",
          "plan",
          "failover",
          "switchover",
          "rejoin",
          "pause",
          "resume",
          "maintenance",
          "sessions",
          "kill",
          "drain",
          "maxadmin",
          "completion");

  private final Surroundings surroundings;

  Cli(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  private Callable<Integer> command(String name) {
    return switch (name) {
      case "run" -> new RunCommand(surroundings);
      case "config" -> new ConfigCommand(surroundings);
      case "doctor" -> new DoctorCommand(surroundings);
      case "import" -> new ImportCommand(surroundings);
      case "status" -> new StatusCommand(daemon());
      case "top" -> new TopCommand(daemon());
      case "explain" -> new ExplainCommand(daemon());
      case "events" -> new EventsCommand(daemon());
      case "plan" -> new PlanCommand(daemon());
      case "failover" -> new FailoverCommand(daemon());
      case "switchover" -> new SwitchoverCommand(daemon());
      case "rejoin" -> new RejoinCommand(daemon());
      case "pause" -> new PauseCommand(daemon());
      case "resume" -> new ResumeCommand(daemon());
      case "maintenance" -> new MaintenanceCommand(daemon());
      case "sessions" -> new SessionsCommand(daemon());
      case "kill" -> new KillCommand(daemon());
      case "drain" -> new DrainCommand(daemon());
      case "maxadmin" -> new MaxadminCommand(daemon());
      case "completion" -> new CompletionCommand(surroundings, () -> root(COMMANDS));
      default -> throw new IllegalArgumentException("no command: " + name);
    };
  }

  private DaemonOptions daemon() {
    return new DaemonOptions(surroundings);
  }

  /** Runs the command that the words name and returns its exit code. */
  int run(String... words) {
    CommandLine line = root(meant(words));
    int exit = line.execute(words);
    surroundings.out().flush();
    return exit;
  }

  /** The commands that can be meant: one where it is clear, all for help and suggestions. */
  private static List<String> meant(String... words) {
    String first = words.length == 0 ? "" : words[0];
    if (first.equals("--version") || first.equals("-V")) {
      return List.of();
    }
    return COMMANDS.contains(first) ? List.of(first) : COMMANDS;
  }

  private CommandLine root(List<String> names) {
    CommandLine root = new CommandLine(new Root());
    root.getCommandSpec().addOption(help()).addOption(version());
    for (String name : names) {
      CommandLine command = new CommandLine(command(name));
      command.getCommandSpec().addOption(name.equals("maxadmin") ? longHelp() : help());
      root.addSubcommand(name, command);
    }
    return root.setOut(writer(surroundings.out()))
        .setErr(writer(surroundings.err()))
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setUsageHelpAutoWidth(false)
        .setParameterExceptionHandler((e, args) -> mistake(e))
        .setExecutionExceptionHandler((e, line, result) -> failed(e));
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help").usageHelp(true).description("show this page").build();
  }

  /** For a command whose {@code -h} has meant a host since before there was Regent. */
  private static OptionSpec longHelp() {
    return OptionSpec.builder("-?", "--help").usageHelp(true).description("show this page").build();
  }

  private static OptionSpec version() {
    return OptionSpec.builder("-V", "--version")
        .versionHelp(true)
        .description("show the version")
        .build();
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  private int mistake(ParameterException e) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    complain(String.valueOf(e.getMessage()));
    List<String> alike = alike(e);
    if (!alike.isEmpty()) {
      surroundings.err().println("Did you mean: " + String.join(", ", alike) + "?");
    }
    surroundings.err().println("Try '" + name + " --help'.");
    return ExitCode.MISTAKE;
  }

  private static List<String> alike(ParameterException e) {
    return e instanceof CommandLine.UnmatchedArgumentException u ? u.getSuggestions() : List.of();
  }

  private int failed(Exception e) throws Exception {
    if (e instanceof CommandException c) {
      complain(String.valueOf(c.getMessage()));
      return c.exitCode();
    }
    throw e;
  }

  private void complain(String message) {
    surroundings.err().println("regent: " + message);
  }

  @Command(
      name = "regent",
      versionProvider = Version.class,
      synopsisSubcommandLabel = "COMMAND",
      description = "Keeps a MariaDB replication cluster writable.",
      footer = {
        "",
        "From the source tree there are also lab, demo, drill and bench: each explains itself with"
            + " --help.",
        "",
        "Examples:",
        "  regent run -c regent.toml            # the daemon, in the foreground",
        "  regent status --watch",
        "  regent switchover --to db2 --dry-run",
        "",
        ExitCode.HELP
      })
  private static final class Root implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      throw new ParameterException(spec.commandLine(), "which command?");
    }
  }
}
