package dev.regent.bench.peer;

import dev.regent.lab.machine.Await;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.LabFolders;
import dev.regent.lab.machine.Ports;
import dev.regent.lab.machine.Reaper;
import dev.regent.lab.machine.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** HAProxy in TCP mode before one server: it passes bytes, and does not look at them. */
final class HaProxy implements AutoCloseable {
  private static final String TOOL = "haproxy";
  private static final Duration READY_WITHIN = Duration.ofSeconds(10);

  private final Process process;
  private final int port;

  private HaProxy(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Why it cannot be used here; empty if it can. */
  static List<String> missing() {
    return Tools.find(TOOL).isPresent()
        ? List.of()
        : List.of(TOOL + " is not installed (Debian: apt-get install haproxy)");
  }

  /**
   * Takes clients when this returns.
   *
   * @param folder for its files; its port is reserved while that exists
   * @param server the port that it leads to
   */
  static HaProxy start(Path folder, int threads, int server) throws IOException {
    int port = Ports.reserve(folder);
    Path config = folder.resolve(TOOL + "-" + threads + ".cfg");
    Path log = folder.resolve(TOOL + "-" + threads + ".log");
    LabFolders.writePrivate(
        config,
        """
        global
          nbthread %d
          maxconn 2000
        defaults
          mode tcp
          timeout connect 5s
          timeout client 1h
          timeout server 1h
        listen bench
          bind 127.0.0.1:%d
          server primary 127.0.0.1:%d
        """
            .formatted(threads, port, server));
    // As services have, and servers and daemon here: kernels share processors among sessions.
    List<String> command = new ArrayList<>(Reaper.ownSession());
    command.addAll(List.of(Tools.path(TOOL), "-db", "-f", config.toString()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    HaProxy started = new HaProxy(process, port);
    if (!Await.holdsWithin(READY_WITHIN, () -> !process.isAlive() || !Ports.isFree(port))
        || !process.isAlive()) {
      started.close();
      throw new LabException(TOOL + " did not start. It said:\n" + Files.readString(log));
    }
    return started;
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
