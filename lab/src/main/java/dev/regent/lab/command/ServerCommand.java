package dev.regent.lab.command;

import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.machine.LabException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Does one thing to one or more running servers: the commands kill, stop, freeze and thaw. */
@Command
public final class ServerCommand implements Callable<Integer> {
  private final LabStore store;
  private final ServerAction action;

  @Mixin private final Common common = new Common();

  @Parameters(paramLabel = "SERVER", arity = "1..*", description = "For example server1.")
  private List<String> names = new ArrayList<>();

  private ServerCommand(LabStore store, ServerAction action) {
    this.store = store;
    this.action = action;
  }

  public static CommandLine of(LabStore store, ServerAction action) {
    CommandLine command = new CommandLine(new ServerCommand(store, action));
    command.getCommandSpec().usageMessage().description(action.description());
    return command;
  }

  @Override
  public Integer call() {
    NamedLab lab = store.load(common.name());
    List<LabServer> servers =
        names.stream().map(lab::place).map(place -> store.open(lab, place)).toList();
    PrintWriter out = common.out();
    for (LabServer server : servers) {
      long pid =
          server
              .pid()
              .orElseThrow(() -> new LabException("%s is not running.".formatted(server.name())));
      action.apply(server);
      out.printf("%s (process %d): %s.%n", server.name(), pid, action.done());
      out.flush();
    }
    return 0;
  }
}
