package dev.regent.lab.daemon;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.machine.LabException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** {@code regent run} as a process of its own, over a lab cluster. */
public final class RegentDaemon implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(20);

  private final Path folder;
  private final Path config;
  private final Path socket;
  private final Thread hook;
  private Process process;

  private RegentDaemon(Path folder, Path config, Path socket) throws IOException {
    this.folder = folder;
    this.config = config;
    this.socket = socket;
    this.process = launch();
    this.hook =
        Thread.ofPlatform().name("daemon-cleanup").unstarted(() -> process.destroyForcibly());
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Starts a daemon; it answers on its socket when this returns. Its files die with the cluster.
   */
  public static RegentDaemon start(LabCluster cluster, DaemonOptions options) {
    try {
      Path folder = Files.createDirectories(cluster.folder().resolve("manager"));
      Path config = DaemonConfig.write(cluster, options, folder);
      Path socket = folder.resolve("run").resolve(cluster.options().name() + ".sock");
      RegentDaemon daemon = new RegentDaemon(folder, config, socket);
      daemon.awaitReady();
      return daemon;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start regent run", e);
    }
  }

  private Process launch() throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.regent.cli.Main",
            "run",
            "-c",
            config.toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  private void awaitReady() {
    DaemonClient client = new DaemonClient(socket);
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
    return new DaemonClient(socket);
  }

  public Path socket() {
    return socket;
  }

  public Path config() {
    return config;
  }

  public Path audit() {
    return folder.resolve("state").resolve("audit.jsonl");
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  private Path log() {
    return folder.resolve("regent.log");
  }

  /** What it wrote to its standard output and error. */
  public String said() {
    try {
      return Files.exists(log()) ? Files.readString(log()) : "";
    } catch (IOException e) {
      return "(" + e + ")";
    }
  }

  /** kill -9. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
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
