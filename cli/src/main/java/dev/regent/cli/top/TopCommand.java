package dev.regent.cli.top;

import dev.regent.cli.client.Ask;
import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.DaemonOptions;
import dev.regent.cli.client.ExitCode;
import dev.regent.cli.console.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "top",
    description =
        "Shows the cluster on the whole terminal as it changes, with keys for what can be done. Every"
            + " act shows its plan first, and asks.",
    footer = {
      "",
      "Keys: ? help, s switchover, f failover, d dry run, m maintenance, p pause, q quit.",
      "",
      "Examples:",
      "  regent top",
      "  regent top --cluster shop --no-color",
      "",
      "It needs a terminal. For files and pipes: regent status --watch, regent status --json.",
      ExitCode.HELP
    })
public final class TopCommand implements Callable<Integer> {
  @Mixin private final DaemonOptions daemon;

  public TopCommand(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  @Override
  public Integer call() throws CommandException {
    if (!Console.possible(daemon.surroundings())) {
      throw new CommandException(
          ExitCode.MISTAKE,
          "top needs a terminal, and standard input or output is none; use 'regent status --watch',"
              + " or 'regent status --json' for programs");
    }
    // Nobody to ask at all is a mistake to be told; who goes away later is waited for.
    daemon.ask(Ask.to("status").with("check", true), frame -> {});
    return new Console(daemon.surroundings(), new DaemonBackend(daemon), false, daemon.plain())
        .run();
  }
}
