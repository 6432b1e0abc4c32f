package dev.regent.lab.command;

import dev.regent.lab.cluster.LabServer;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Starts a server that was killed or stopped. */
@Command(
    name = "start",
    description = {
      "Start a server of the lab that is not running.",
      "It comes back read-only and replicates from nobody until it is told to."
    })
public final class StartCommand implements Callable<Integer> {
  private final LabStore store;

  @Mixin private final Common common = new Common();

  @Parameters(index = "0", paramLabel = "SERVER", description = "For example server1.")
  private String server = "";

  @Parameters(
      index = "1..*",
      paramLabel = "OPTION",
      description = "Options of mariadbd for this start, after --; e.g. -- --init-rpl-role=SLAVE.")
  private List<String> options = new ArrayList<>();

  public StartCommand(LabStore store) {
    this.store = store;
  }

  @Override
  public Integer call() {
    NamedLab lab = store.load(common.name());
    LabServer started = store.open(lab, lab.place(server));
    started.start(options.toArray(String[]::new)).awaitReady();
    PrintWriter out = common.out();
    out.printf("%s is ready at %s, read-only.%n", started.name(), started.address());
    out.flush();
    return 0;
  }
}
