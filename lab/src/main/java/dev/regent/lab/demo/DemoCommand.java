package dev.regent.lab.demo;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.daemon.RegentDaemon;
import dev.regent.lab.install.ServerBinaries;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code regent demo}: exits 0 only if all of it held, and leaves nothing running. */
@Command(
    name = "demo",
    description = {
      "Show a failover, a rejoin and a switchover on three real MariaDB servers.",
      "Starts the servers, regent run and a writer on this machine; takes less than a minute.",
      "Exits 0 if everything held, 4 if not; nothing is left running."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int NOT_HELD = 4;

  @Option(
      names = "--keep",
      description = "Leave the cluster and the daemon up, and say what to try.")
  private boolean keep;

  @Option(
      names = "--json",
      description = "Print one JSON object with the figures as the last line.")
  private boolean json;

  @Option(
      names = "--version",
      paramLabel = "V",
      description = "MariaDB, 11.4 or 10.11 (default: ${DEFAULT-VALUE}).")
  private String version = ServerBinaries.DEFAULT_VERSION;

  @Option(names = "--server-binary", paramLabel = "PATH", description = "A mariadbd of the system.")
  private @Nullable Path binary;

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws IOException {
    Timeline timeline = new Timeline(out, colorful());
    out.println("Regent demo: starting three MariaDB servers ...");
    LabOptions options = LabOptions.of(3).withName("demo").withVersion(version);
    LabOptions chosen = Optional.ofNullable(binary).map(options::withBinary).orElse(options);
    LabCluster cluster = LabCluster.start(chosen);
    try {
      RegentDaemon daemon = RegentDaemon.start(cluster, Demo.options());
      try {
        DemoResult result = Demo.play(cluster, daemon, timeline);
        tell(result, daemon);
        if (keep) {
          keep(cluster, daemon);
        }
        return result.held() ? 0 : NOT_HELD;
      } finally {
        if (!keep) {
          daemon.close();
        }
      }
    } finally {
      if (!keep) {
        cluster.close();
      }
    }
  }

  private static boolean colorful() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
        && System.getenv("NO_COLOR") == null;
  }

  private void tell(DemoResult result, RegentDaemon daemon) {
    out.println();
    out.println(result.table());
    result.broken().forEach(b -> out.println("DID NOT HOLD: " + b));
    out.println(result.held() ? "All of it held." : "Not all of it held.");
    if (!result.held()) {
      out.println("The daemon said:");
      out.println(daemon.said());
    }
    if (json) {
      out.println(result.json());
    }
  }

  private void keep(LabCluster cluster, RegentDaemon daemon) {
    cluster.detach();
    daemon.detach();
    String socket = " --socket " + daemon.socket();
    out.println();
    out.println("The cluster is still up. Try:");
    out.println("  ./regent status" + socket);
    out.println("  ./regent switchover --to server2" + socket);
    cluster
        .servers()
        .forEach(s ->
            out.println(
                "  kill -9 " + s.pid().orElse(0L) + "   # " + s.name() + ", " + s.address()));
    out.println("  ./regent explain" + socket);
    out.println(
        "The daemon is process " + daemon.pid() + "; everything lies in " + cluster.folder());
    out.println(
        "To end it: kill " + daemon.pid() + ", then kill the servers and delete that folder.");
  }
}
