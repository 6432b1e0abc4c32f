package dev.regent.cli.commands;

import dev.regent.cli.client.Ask;
import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.DaemonOptions;
import dev.regent.cli.client.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "explain",
    description =
        "Tells why Regent acts, holds or held: every diagnosis with its decision, what you can do,"
            + " and the story of the last plan.",
    footer = {"", "Example:", "  regent explain", "", ExitCode.HELP})
public final class ExplainCommand implements Callable<Integer> {
  @Mixin private final DaemonOptions daemon;

  public ExplainCommand(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  @Override
  public Integer call() throws CommandException {
    return daemon.ask(Ask.to("explain"));
  }
}
