package dev.regent.cli.commands;

import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.DaemonOptions;
import dev.regent.cli.client.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "switchover",
    description =
        "Moves the role of a primary that is well to a replica, without losing a write. On any"
            + " trouble before the promotion everything is undone.",
    footer = {
      "",
      "Examples:",
      "  regent switchover --dry-run",
      "  regent switchover --to db2",
      "",
      ExitCode.HELP
    })
public final class SwitchoverCommand implements Callable<Integer> {
  @Mixin private final DaemonOptions daemon;
  @Mixin private final RoleChange change = new RoleChange();

  public SwitchoverCommand(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  @Override
  public Integer call() throws CommandException {
    return change.order("switchover", daemon);
  }
}
