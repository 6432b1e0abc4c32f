package dev.regent.cli.commands;

import dev.regent.cli.client.ExitCode;
import dev.regent.cli.client.Surroundings;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "completion",
    description = "Prints a script that completes regent's words in your shell.",
    footer = {
      "",
      "Examples:",
      "  source <(regent completion bash)",
      "  regent completion bash > /etc/bash_completion.d/regent",
      "",
      ExitCode.HELP
    })
public final class CompletionCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  private final Supplier<CommandLine> everything;

  @Parameters(paramLabel = "bash|zsh", description = "the shell")
  private Shell shell = Shell.bash;

  /** As they are typed; zsh reads the script of bash through its bashcompinit. */
  enum Shell {
    bash,
    zsh
  }

  /**
   * @param everything all commands, to take their words from
   */
  public CompletionCommand(Surroundings surroundings, Supplier<CommandLine> everything) {
    this.surroundings = surroundings;
    this.everything = everything;
  }

  @Override
  public Integer call() {
    if (shell == Shell.zsh) {
      surroundings.out().println("autoload -U +X bashcompinit && bashcompinit");
    }
    surroundings.out().print(AutoComplete.bash("regent", everything.get()));
    return ExitCode.DONE;
  }
}
