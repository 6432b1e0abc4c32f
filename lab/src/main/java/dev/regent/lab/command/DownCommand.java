package dev.regent.lab.command;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.daemon.ManagerPlace;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Removes a named lab. */
@Command(
    name = "down",
    description = "End the lab's daemon, kill its servers and delete everything of it.")
public final class DownCommand implements Callable<Integer> {
  private final LabStore store;

  @Mixin private final Common common = new Common();

  public DownCommand(LabStore store) {
    this.store = store;
  }

  @Override
  public Integer call() {
    NamedLab lab = store.load(common.name());
    // First: it would take the end of its servers for a disaster.
    boolean managed = ManagerPlace.in(lab.folder(), lab.name()).stop();
    LabCluster.erase(lab.folder());
    store.forget(lab.name());
    PrintWriter out = common.out();
    out.printf(
        "Lab \"%s\" is gone, with its %d servers%s.%n",
        lab.name(), lab.servers().size(), managed ? " and their manager" : "");
    out.flush();
    return 0;
  }
}
