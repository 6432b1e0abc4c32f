package dev.regent.lab.command;

import dev.regent.lab.cluster.LabCluster;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Removes a named lab. */
@Command(name = "down", description = "Kill the lab's servers and delete everything of it.")
public final class DownCommand implements Callable<Integer> {
  private final LabStore store;

  @Mixin private final Common common = new Common();

  public DownCommand(LabStore store) {
    this.store = store;
  }

  @Override
  public Integer call() {
    NamedLab lab = store.load(common.name());
    LabCluster.erase(lab.folder());
    store.forget(lab.name());
    PrintWriter out = common.out();
    out.printf("Lab \"%s\" is gone, with its %d servers.%n", lab.name(), lab.servers().size());
    out.flush();
    return 0;
  }
}
