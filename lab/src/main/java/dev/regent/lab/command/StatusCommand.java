package dev.regent.lab.command;

import dev.regent.lab.machine.Parallel;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Shows the servers of a lab. */
@Command(
    name = "status",
    description = "Show the lab's servers: process, role, position, replication.")
public final class StatusCommand implements Callable<Integer> {
  private final LabStore store;

  @Mixin private final Common common = new Common();

  @Option(names = "--json", description = "For programs.")
  private boolean json;

  private record Answer(String name, String version, String folder, List<ServerStatus> servers) {}

  public StatusCommand(LabStore store) {
    this.store = store;
  }

  @Override
  public Integer call() {
    NamedLab lab = store.load(common.name());
    List<ServerStatus> servers = Parallel.map(lab.open(store), ServerStatus::read);
    PrintWriter out = common.out();
    if (json) {
      Answer answer = new Answer(lab.name(), lab.version(), lab.folder().toString(), servers);
      out.println(
          JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(answer));
    } else {
      out.printf("Lab \"%s\", MariaDB %s, %s%n%n", lab.name(), lab.version(), lab.folder());
      out.print(table(servers));
    }
    out.flush();
    return 0;
  }

  private static String table(List<ServerStatus> servers) {
    List<String> titles =
        List.of(
            "SERVER", "ADDRESS", "PID", "PROCESS", "ACCESS", "GTID", "FOLLOWS", "IO", "SQL",
            "ERROR");
    return TextTable.plain(
        titles,
        servers.stream()
            .map(s ->
                List.of(
                    s.name(),
                    s.address(),
                    s.pid() == 0 ? "" : Long.toString(s.pid()),
                    s.process(),
                    s.access(),
                    s.gtid(),
                    s.follows(),
                    s.ioThread(),
                    s.sqlThread(),
                    s.error()))
            .toList());
  }
}
