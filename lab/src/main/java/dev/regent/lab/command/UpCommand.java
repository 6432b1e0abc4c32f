package dev.regent.lab.command;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.daemon.DaemonConfig;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.daemon.ManagerPlace;
import dev.regent.lab.install.ServerBinaries;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts a named lab. Until it is complete the servers die with this command, then they stay. */
@Command(
    name = "up",
    description = {
      "Start a MariaDB cluster on this machine: a primary and its replicas.",
      "The servers run until they are taken down; their data is kept in memory where there is room."
    })
public final class UpCommand implements Callable<Integer> {
  private final LabStore store;

  @Mixin private final Common common = new Common();

  @Option(
      names = "--servers",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many; server1 is the primary (default: ${DEFAULT-VALUE}).")
  private int servers;

  @Option(
      names = "--version",
      paramLabel = "V",
      defaultValue = ServerBinaries.DEFAULT_VERSION,
      description = "MariaDB 11.4 or 10.11 (default: ${DEFAULT-VALUE}).")
  private String version = ServerBinaries.DEFAULT_VERSION;

  @Option(
      names = "--server-binary",
      paramLabel = "PATH",
      description = "Run this mariadbd instead.")
  private @Nullable Path binary;

  @Option(
      names = "--semi-sync",
      description = "Commits wait, without limit, until a replica has them (AFTER_SYNC).")
  private boolean semiSync;

  @Option(
      names = "--heartbeat",
      paramLabel = "SECONDS",
      description = "Heartbeat period of replication (default: the server's, 30).")
  private @Nullable Double heartbeat;

  @Option(names = "--tls", description = "Servers offer TLS and replicas use it.")
  private boolean tls;

  @Option(
      names = "--config",
      paramLabel = "LINE",
      description = "A line for every server's configuration file; may be repeated.")
  private List<String> config = List.of();

  public UpCommand(LabStore store) {
    this.store = store;
  }

  @Override
  public Integer call() {
    LabOptions options = options();
    store.requireFree(options.name());
    long start = System.nanoTime();
    try (LabCluster cluster = LabCluster.start(options)) {
      ManagerPlace manager =
          DaemonConfig.write(
              cluster, DaemonOptions.of(semiSync ? "safe" : "available").asLaunched());
      NamedLab lab = store.save(cluster);
      cluster.detach();
      print(lab, Duration.ofNanos(System.nanoTime() - start));
      common.out().printf("%nTo have it managed, and to see what happens:%n%n");
      common.out().printf("  ./regent run -c %s%n", manager.config());
      common.out().printf("  ./regent status --socket %s%n", manager.socket());
      common.out().printf("  ./regent lab kill server1 --name %s%n", lab.name());
      common.out().flush();
    }
    return 0;
  }

  private LabOptions options() {
    LabOptions options =
        LabOptions.of(servers)
            .withName(common.name())
            .withVersion(version)
            .withConfig(config.toArray(String[]::new));
    options = semiSync ? options.withSemiSync() : options;
    options = tls ? options.withTls() : options;
    options =
        Optional.ofNullable(heartbeat)
            .map(seconds -> Duration.ofMillis((long) (seconds * 1000)))
            .map(options::withHeartbeat)
            .orElse(options);
    return Optional.ofNullable(binary).map(options::withBinary).orElse(options);
  }

  private void print(NamedLab lab, Duration took) {
    PrintWriter out = common.out();
    out.printf(
        "Lab \"%s\" is up after %.1f s: MariaDB %s, data in %s%n%n",
        lab.name(), took.toMillis() / 1000.0, lab.version(), lab.folder());
    for (LabServer server : lab.open(store)) {
      boolean first = server.place().serverId() == 1;
      out.printf(
          "  %-9s %s  %s%n",
          server.name(), server.address(), first ? "primary" : "replica of server1");
    }
    out.printf("%nAccounts, and the files with their passwords:%n%n");
    for (String user : List.of("root", "regent", "repl", "app")) {
      out.printf("  %-9s %s%n", user, store.passwordFile(lab.name(), user));
    }
    out.flush();
  }
}
