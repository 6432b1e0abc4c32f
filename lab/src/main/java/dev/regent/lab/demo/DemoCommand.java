package dev.regent.lab.demo;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.command.LabStore;
import dev.regent.lab.daemon.RegentDaemon;
import dev.regent.lab.install.ServerBinaries;
import dev.regent.lab.machine.Ports;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
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
      "With --howto: the how-to of MaxScale, failover.sh and mariadb-repmgr, with Regent in place of"
          + " both.",
      "Exits 0 if everything held, 4 if not; without --keep nothing is left running."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int NOT_HELD = 4;

  private static final String NAME = "demo";

  private final LabStore store;

  @Option(
      names = "--howto",
      description =
          "Execute the how-to instead: a monitor that calls failover.sh, which runs mariadb-repmgr.")
  private boolean howTo;

  @Option(
      names = "--keep",
      description = "Leave the cluster and the daemon up as lab \"demo\", and say what to try.")
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

  public DemoCommand(LabStore store) {
    this.store = store;
  }

  @Override
  public Integer call() throws IOException {
    if (keep) {
      store.requireFree(NAME);
    }
    Timeline timeline = new Timeline(out, colorful());
    out.println("Regent demo: starting three MariaDB servers ...");
    LabOptions options = LabOptions.of(3).withName(NAME).withVersion(version);
    LabOptions chosen = Optional.ofNullable(binary).map(options::withBinary).orElse(options);
    LabCluster cluster = LabCluster.start(chosen);
    try {
      return howTo ? howTo(cluster, timeline) : story(cluster, timeline);
    } finally {
      if (!keep) {
        cluster.close();
      }
    }
  }

  private int story(LabCluster cluster, Timeline timeline) throws IOException {
    int port = Ports.reserve(cluster.folder());
    RegentDaemon daemon = RegentDaemon.start(cluster, Demo.options(port));
    return ended(() -> Demo.play(cluster, daemon, port, timeline), cluster, daemon);
  }

  private int howTo(LabCluster cluster, Timeline timeline) throws IOException {
    Path home = Path.of(System.getProperty("regent.home", "")).toAbsolutePath();
    HowToScript script = HowToScript.write(cluster.folder(), home, cluster.accounts());
    HowTo.Setting setting = new HowTo.Setting(home, freePort());
    RegentDaemon daemon = RegentDaemon.start(cluster, HowTo.options(script, setting.port()));
    return ended(() -> HowTo.play(cluster, daemon, script, setting, timeline), cluster, daemon);
  }

  private int ended(Play play, LabCluster cluster, RegentDaemon daemon) throws IOException {
    try {
      Outcome outcome = play.play();
      tell(outcome, daemon);
      if (keep) {
        keep(cluster, daemon);
      }
      return outcome.held() ? 0 : NOT_HELD;
    } finally {
      if (!keep) {
        daemon.close();
      }
    }
  }

  private interface Play {
    Outcome play() throws IOException;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean colorful() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
        && System.getenv("NO_COLOR") == null;
  }

  private void tell(Outcome result, RegentDaemon daemon) {
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

  /** From here on it is a named lab, and {@code regent lab down} ends all of it. */
  private void keep(LabCluster cluster, RegentDaemon daemon) {
    store.save(cluster);
    cluster.detach();
    daemon.detach();
    String socket = " --socket " + daemon.socket();
    String name = " --name " + NAME;
    out.println();
    out.println("The cluster and its manager are still up. Try, in this order:");
    out.println();
    out.println("  ./regent status" + socket);
    if (!howTo) {
      out.println("  ./regent sessions" + socket);
    }
    out.println("  ./regent switchover --to server2" + socket);
    out.println("  ./regent lab kill server2" + name);
    out.println("  ./regent explain" + socket);
    out.println("  ./regent lab start server2" + name);
    out.println("  ./regent lab status" + name);
    out.println("  ./regent lab down" + name);
    out.println();
    out.println("The last one ends the servers and the manager, and deletes " + cluster.folder());
  }
}
