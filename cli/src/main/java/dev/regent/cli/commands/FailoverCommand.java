package dev.regent.cli.commands;

import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.DaemonOptions;
import dev.regent.cli.client.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "failover",
    description =
        "Promotes a replica because the primary is lost. Regent does this by itself where the"
            + " evidence allows; this is for when it holds.",
    footer = {
      "",
      "Examples:",
      "  regent failover --dry-run",
      "  regent failover",
      "  regent failover --to db2 --force     # first read what that gives up",
      "",
      ExitCode.HELP
    })
public final class FailoverCommand implements Callable<Integer> {
  @Mixin private final DaemonOptions daemon;
  @Mixin private final RoleChange change = new RoleChange();

  public FailoverCommand(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  @Override
  public Integer call() throws CommandException {
    return change.order("failover", daemon);
  }
}
