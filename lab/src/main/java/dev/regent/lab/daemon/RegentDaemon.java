package dev.regent.lab.daemon;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.Reaper;
import dev.regent.lab.machine.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** {@code regent run} as a process of its own, over a lab cluster. */
public final class RegentDaemon implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(20);

  /** As the launcher has it. */
  private static final List<String> NICE_COMPILERS =
      List.of("-XX:-PrintWarnings", "-XX:ThreadPriorityPolicy=1", "-XX:CompilerThreadPriority=10");

  private final ManagerPlace place;

  /** What comes before the command: the way into the manager's namespace, if it has one. */
  private final List<String> enter;

  /** Configurations of other clusters that it serves as well. */
  private final List<Path> besides;

  private final boolean launched;
  private final Thread hook;
  private Process process;

  private RegentDaemon(ManagerPlace place, List<String> enter, List<Path> besides, boolean launched)
      throws IOException {
    this.place = place;
    this.launched = launched;
    this.enter = List.copyOf(enter);
    this.besides = List.copyOf(besides);
    this.process = launch();
    this.hook =
        Thread.ofPlatform().name("daemon-cleanup").unstarted(() -> process.destroyForcibly());
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Starts a daemon, on the manager's host if the cluster lives in namespaces; it answers on its
   * socket when this returns. Its files die with the cluster.
   */
  public static RegentDaemon start(LabCluster cluster, DaemonOptions options) {
    return start(cluster, options, List.of());
  }

  /** The same; it serves the clusters of further configurations too. */
  public static RegentDaemon start(LabCluster cluster, DaemonOptions options, List<Path> besides) {
    try {
      List<String> enter = cluster.net().map(n -> n.manager().enter()).orElse(List.of());
      RegentDaemon daemon =
          new RegentDaemon(
              DaemonConfig.write(cluster, options), enter, besides, options.launched());
      daemon.awaitReady();
      return daemon;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start regent run", e);
    }
  }

  private Process launch() throws IOException {
    // Ctrl-C is for the program that started it, and a kept daemon outlives its terminal.
    List<String> command = new ArrayList<>(Reaper.ownSession());
    command.addAll(enter);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(launched ? NICE_COMPILERS : List.of("-XX:TieredStopAtLevel=1"));
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xms32m",
            "-Xmx192m",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.regent.cli.Main",
            "run",
            "-c",
            place.config().toString()));
    besides.forEach(file -> command.addAll(List.of("-c", file.toString())));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(place.log().toFile()))
        .start();
  }

  private void awaitReady() {
    DaemonClient client = new DaemonClient(place.socket());
    boolean ready =
        await(
            READY_WITHIN,
            () -> {
              try {
                return !process.isAlive() || client.run("status", "").exit() == 0;
              } catch (IOException e) {
                return false;
              }
            });
    if (!ready || !process.isAlive()) {
      close();
      throw new LabException("regent run did not become ready. It said:\n" + said());
    }
  }

  /** Waits for a condition; false if it did not hold within the limit. */
  public static boolean await(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      LockSupport.parkNanos(10_000_000);
    }
    return true;
  }

  public DaemonClient client() {
    return new DaemonClient(place.socket());
  }

  public Path socket() {
    return place.socket();
  }

  public Path config() {
    return place.config();
  }

  public Path audit() {
    return place.audit();
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it wrote to its standard output and error. */
  public String said() {
    try {
      return Files.exists(place.log()) ? Files.readString(place.log()) : "";
    } catch (IOException e) {
      return "(" + e + ")";
    }
  }

  /** kill -9. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** SIGSTOP: it keeps its sockets and locks and does nothing. */
  public void freeze() {
    ServerProcess.find(process.pid()).ifPresent(ServerProcess::freeze);
  }

  /** SIGCONT. */
  public void thaw() {
    ServerProcess.find(process.pid()).ifPresent(ServerProcess::thaw);
  }

  /** Starts it again on the same store, after it was killed or stopped. */
  public void restart() {
    try {
      process = launch();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start regent run again", e);
    }
    awaitReady();
  }

  /** SIGTERM; its exit code. */
  public int stop() {
    process.destroy();
    return awaitExit();
  }

  private int awaitExit() {
    try {
      if (!process.waitFor(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        process.waitFor();
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /** Leaves it running after this program. */
  public void detach() {
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      stop();
    }
  }
}
