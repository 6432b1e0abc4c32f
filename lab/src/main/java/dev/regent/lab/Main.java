package dev.regent.lab;

import dev.regent.lab.command.DownCommand;
import dev.regent.lab.command.LabStore;
import dev.regent.lab.command.LedgerCommand;
import dev.regent.lab.command.ServerAction;
import dev.regent.lab.command.ServerCommand;
import dev.regent.lab.command.SqlCommand;
import dev.regent.lab.command.StartCommand;
import dev.regent.lab.command.StatusCommand;
import dev.regent.lab.command.UpCommand;
import dev.regent.lab.demo.DemoCommand;
import dev.regent.lab.drill.DrillCommand;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.LabFolders;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The commands of {@code regent} that run real servers: what there is, and who gets what. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(commands(new LabStore(LabFolders.state())).execute(args));
  }

  static CommandLine commands(LabStore store) {
    CommandLine regent = group("regent", "The commands that run MariaDB servers of their own.");
    regent.addSubcommand("lab", lab(store));
    regent.addSubcommand("demo", new DemoCommand(store));
    regent.addSubcommand("drill", new DrillCommand());
    regent.setExecutionExceptionHandler(Main::explain);
    addHelp(regent);
    return regent;
  }

  private static CommandLine lab(LabStore store) {
    CommandLine lab = group("lab", "Real MariaDB clusters on this machine, to try things with.");
    lab.addSubcommand(new UpCommand(store));
    lab.addSubcommand(new StatusCommand(store));
    for (ServerAction action : ServerAction.values()) {
      lab.addSubcommand(action.verb(), ServerCommand.of(store, action));
    }
    lab.addSubcommand(new StartCommand(store));
    lab.addSubcommand(new SqlCommand(store));
    lab.addSubcommand(new LedgerCommand());
    lab.addSubcommand(new DownCommand(store));
    lab.addSubcommand(new HelpCommand());
    return lab;
  }

  /** A command that only holds others. */
  private static CommandLine group(String name, String description) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.usageMessage().description(description).synopsisSubcommandLabel("COMMAND");
    return new CommandLine(spec);
  }

  private static void addHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help and exit.")
                .build());
    command.getSubcommands().values().stream()
        .filter(sub -> !(sub.getCommand() instanceof HelpCommand))
        .forEach(Main::addHelp);
  }

  /** What the lab says of itself is for people; anything else is a bug and comes with its trace. */
  private static int explain(Exception problem, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (!(problem instanceof LabException)) {
      throw problem;
    }
    command.getErr().println("regent lab: " + problem.getMessage());
    command.getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }
}
