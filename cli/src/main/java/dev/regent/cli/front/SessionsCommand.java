package dev.regent.cli.front;

import dev.regent.cli.client.Ask;
import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.DaemonOptions;
import dev.regent.cli.client.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "sessions",
    description =
        "Lists the clients that the proxy serves: who they are, what they do and since when, where.",
    footer = {
      "",
      "Examples:",
      "  regent sessions",
      "  regent sessions --json | jq '.sessions[] | select(.transactionSeconds > 60)'",
      "",
      ExitCode.HELP
    })
public final class SessionsCommand implements Callable<Integer> {
  @Mixin private final DaemonOptions daemon;

  @Option(names = "--json", description = "one JSON object instead of a table")
  private boolean json;

  public SessionsCommand(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  @Override
  public Integer call() throws CommandException {
    return daemon.ask(Ask.to("sessions").with("json", json));
  }
}
