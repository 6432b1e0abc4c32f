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
    name = "drain",
    description =
        "Gives a listener or a server of the proxy nothing new to do. A listener takes no more clients,"
            + " and its sessions end as soon as they are idle and have no transaction open. A server"
            + " gets no more work unless it is the primary. Both hold until the daemon ends.",
    footer = {
      "",
      "Examples:",
      "  regent drain 3307",
      "  regent drain 127.0.0.1:3307 --undo",
      "  regent drain db2",
      "",
      ExitCode.HELP
    })
public final class DrainCommand implements Callable<Integer> {
  @Mixin private final DaemonOptions daemon;

  @Parameters(
      paramLabel = "SERVER|LISTENER",
      description = "a server's name; or a listener's port, or address:port where several have it")
  private String name = "";

  @Option(names = "--undo", description = "clients, or work, are welcome again")
  private boolean undo;

  public DrainCommand(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  @Override
  public Integer call() throws CommandException {
    return daemon.ask(Ask.to("drain").with("name", name).with("undo", undo));
  }
}
