package dev.regent.cli.commands;

import dev.regent.cli.client.Ask;
import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.DaemonOptions;
import dev.regent.cli.client.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "resume",
    description =
        "Allows automatic action again, and acknowledges past failovers so that they no longer"
            + " count as flapping.",
    footer = {"", "Example:", "  regent resume", "", ExitCode.HELP})
public final class ResumeCommand implements Callable<Integer> {
  @Mixin private final DaemonOptions daemon;

  public ResumeCommand(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  @Override
  public Integer call() throws CommandException {
    return daemon.ask(Ask.to("resume"));
  }
}
