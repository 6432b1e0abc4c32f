package dev.regent.cli.commands;

import dev.regent.cli.client.Ask;
import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.DaemonOptions;
import dev.regent.cli.client.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "maintenance",
    description =
        "Puts a server in maintenance or ends it: meanwhile it is neither promoted nor repaired.",
    footer = {
      "",
      "Examples:",
      "  regent maintenance begin db3 --reason 'new disk'",
      "  regent maintenance end db3",
      "  regent maintenance list",
      "",
      ExitCode.HELP
    })
public final class MaintenanceCommand implements Callable<Integer> {
  @Mixin private final DaemonOptions daemon;

  @Parameters(index = "0", paramLabel = "begin|end|list", description = "what to do")
  private What what = What.list;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "SERVER",
      description = "the server, as the configuration calls it")
  private String server = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "for those who see the status")
  private String reason = "";

  /** As they are typed. */
  enum What {
    begin,
    end,
    list
  }

  public MaintenanceCommand(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  @Override
  public Integer call() throws CommandException {
    return daemon.ask(
        Ask.to("maintenance")
            .with("do", what.name())
            .with("server", server)
            .with("reason", reason));
  }
}
