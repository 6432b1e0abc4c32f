package dev.regent.cli.front;

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
    name = "kill",
    description = "Ends the session of a client of the proxy, or only what it executes.",
    footer = {
      "",
      "Examples:",
      "  regent sessions",
      "  regent kill 2147483652",
      "  regent kill 2147483652 --query",
      "",
      ExitCode.HELP
    })
public final class KillCommand implements Callable<Integer> {
  @Mixin private final DaemonOptions daemon;

  @Parameters(paramLabel = "ID", description = "the session, as 'regent sessions' lists it")
  private String id = "";

  @Option(names = "--query", description = "only stop its statement; the session goes on")
  private boolean query;

  public KillCommand(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  @Override
  public Integer call() throws CommandException {
    return daemon.ask(Ask.to("kill").with("id", id).with("query", query));
  }
}
