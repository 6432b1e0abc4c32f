package dev.regent.cli.commands;

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
    name = "plan",
    description =
        "Tells what a failover or a switchover would do now, step by step with its SQL, or why it"
            + " would hold. Changes nothing.",
    footer = {
      "",
      "Examples:",
      "  regent plan failover",
      "  regent plan switchover --to db2",
      "",
      ExitCode.HELP
    })
public final class PlanCommand implements Callable<Integer> {
  @Mixin private final DaemonOptions daemon;

  @Parameters(paramLabel = "failover|switchover", description = "what to plan")
  private What what = What.failover;

  @Option(names = "--to", paramLabel = "SERVER", description = "who shall be primary")
  private String to = "";

  @Option(names = "--force", description = "plan as if forced; says what that gives up")
  private boolean force;

  /** As they are typed. */
  enum What {
    failover,
    switchover
  }

  public PlanCommand(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  @Override
  public Integer call() throws CommandException {
    return daemon.ask(Ask.to("plan").with("what", what.name()).with("to", to).with("force", force));
  }
}
