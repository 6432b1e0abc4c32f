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
    name = "rejoin",
    description =
        "Makes a returned server a replica of the primary. Regent does this by itself for a server"
            + " that has nothing the primary lacks.",
    footer = {
      "",
      "Examples:",
      "  regent rejoin db1 --dry-run",
      "  regent rejoin db1",
      "",
      ExitCode.HELP
    })
public final class RejoinCommand implements Callable<Integer> {
  @Mixin private final DaemonOptions daemon;

  @Parameters(paramLabel = "SERVER", description = "the server, as the configuration calls it")
  private String server = "";

  @Option(names = "--dry-run", description = "say what would be done, and do nothing")
  private boolean dryRun;

  public RejoinCommand(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  @Override
  public Integer call() throws CommandException {
    return daemon.ask(Ask.to("rejoin").with("server", server).with("dryRun", dryRun));
  }
}
