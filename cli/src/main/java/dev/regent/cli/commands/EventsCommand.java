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
    name = "events",
    description = "Lists what happened, oldest first.",
    footer = {
      "",
      "Examples:",
      "  regent events -n 100",
      "  regent events --follow",
      "  regent events --follow --json | jq -r .sentence",
      "",
      ExitCode.HELP
    })
public final class EventsCommand implements Callable<Integer> {
  @Mixin private final DaemonOptions daemon;

  @Option(
      names = {"-n", "--last"},
      paramLabel = "N",
      description = "so many of the last events (default 20)")
  private int last = -1;

  @Option(
      names = {"-f", "--follow"},
      description = "go on with every new event, until interrupted")
  private boolean follow;

  @Option(names = "--json", description = "the lines of the audit trail, one JSON object each")
  private boolean json;

  public EventsCommand(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  @Override
  public Integer call() throws CommandException {
    return daemon.ask(
        Ask.to("events").with("last", last).with("follow", follow).with("json", json));
  }
}
