package dev.regent.cli.commands;

import dev.regent.cli.client.Ask;
import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.DaemonOptions;
import dev.regent.cli.client.ExitCode;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    description =
        "Shows the cluster: who follows whom, lag, positions, whether a failover would lose"
            + " anything, what is wrong, what happened last.",
    footer = {
      "",
      "Examples:",
      "  regent status",
      "  regent status --watch 1",
      "  regent status --json | jq .routing.primary",
      "  regent status --check >/dev/null || echo look!",
      "",
      "The exit code is 0 whenever the daemon answers; with --check it is 3 unless the cluster is"
          + " healthy.",
      ExitCode.HELP
    })
public final class StatusCommand implements Callable<Integer> {
  /** Home, and clear to the end: less flicker than clearing the whole screen first. */
  private static final String TOP = "\u001b[H\u001b[J";

  private static final double SECONDS_MIN = 0.2;

  @Mixin private final DaemonOptions daemon;

  @Option(
      names = "--watch",
      arity = "0..1",
      paramLabel = "SECONDS",
      fallbackValue = "2",
      description = "show again every so many seconds (default 2), until interrupted")
  private double seconds;

  @Option(names = "--json", description = "one JSON object instead of text")
  private boolean json;

  @Option(names = "--check", description = "exit code 3 unless the cluster is healthy")
  private boolean check;

  public StatusCommand(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    if (seconds == 0) {
      return ask();
    }
    CountDownLatch never = new CountDownLatch(1);
    long pause = (long) (Math.max(SECONDS_MIN, seconds) * 1000);
    do {
      PrintStream out = daemon.surroundings().out();
      out.print(daemon.surroundings().outIsTerminal() ? TOP : "");
      out.flush();
      watch(out);
      if (out.checkError()) {
        return ExitCode.DONE;
      }
    } while (!never.await(pause, TimeUnit.MILLISECONDS));
    return ExitCode.DONE;
  }

  /** A daemon that restarts is no reason to stop watching. */
  private void watch(PrintStream out) {
    try {
      ask();
    } catch (CommandException e) {
      out.println(e.getMessage());
    }
  }

  private int ask() throws CommandException {
    return daemon.ask(Ask.to("status").with("json", json).with("check", check));
  }
}
