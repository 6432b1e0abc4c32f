package dev.regent.cli.commands;

import dev.regent.cli.client.Ask;
import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.DaemonOptions;
import dev.regent.cli.client.ExitCode;
import dev.regent.cli.client.Surroundings;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What failover and switchover have in common. */
final class RoleChange {
  @Option(names = "--to", paramLabel = "SERVER", description = "who shall be primary")
  private String to = "";

  @Option(
      names = "--force",
      description = "give up what holds it back; on a terminal it says what, and asks")
  private boolean force;

  @Option(names = "--dry-run", description = "say what would be done, and do nothing")
  private boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "do not ask")
  private boolean yes;

  int order(String command, DaemonOptions daemon) throws CommandException {
    if (force && !dryRun && !yes && asksBack(daemon.surroundings())) {
      int planned = daemon.ask(ask(command, true));
      if (planned != ExitCode.DONE) {
        return planned;
      }
      if (!agreed(daemon.surroundings())) {
        throw new CommandException(ExitCode.HELD, "not ordered: nothing was changed");
      }
    }
    return daemon.ask(ask(command, dryRun));
  }

  private Ask ask(String command, boolean dry) {
    return Ask.to(command).with("to", to).with("force", force).with("dryRun", dry);
  }

  private static boolean asksBack(Surroundings surroundings) {
    return surroundings.inIsTerminal() && surroundings.outIsTerminal();
  }

  private static boolean agreed(Surroundings surroundings) throws CommandException {
    surroundings.out().print("Do this, and give up what it says above? [y/N] ");
    surroundings.out().flush();
    try {
      String answer = surroundings.in().readLine();
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    } catch (IOException e) {
      throw new CommandException(ExitCode.HELD, "no answer could be read: " + e.getMessage());
    }
  }
}
