package dev.regent.cli.commands;

import dev.regent.cli.client.Ask;
import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.DaemonOptions;
import dev.regent.cli.client.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "pause",
    description =
        "Stops automatic action on the whole cluster, over restarts too, until 'regent resume'."
            + " Watching goes on, and so do your own orders.",
    footer = {
      "",
      "Example:",
      "  regent pause --reason 'network works until 18:00'",
      "",
      ExitCode.HELP
    })
public final class PauseCommand implements Callable<Integer> {
  @Mixin private final DaemonOptions daemon;

  @Option(names = "--reason", paramLabel = "TEXT", description = "for those who see the status")
  private String reason = "";

  public PauseCommand(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  @Override
  public Integer call() throws CommandException {
    return daemon.ask(Ask.to("pause").with("reason", reason));
  }
}
