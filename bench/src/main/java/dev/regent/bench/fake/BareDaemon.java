package dev.regent.bench.fake;

import dev.regent.cli.fake.FakeCluster;
import dev.regent.lab.daemon.DaemonClient;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.LabFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code regent run} over servers that are not a lab's. */
public final class BareDaemon implements AutoCloseable {
  private static final int STOP_SECONDS = 20;
  private static final String NAME = "scale";

  private final Path folder;
  private final Process process;
  private final DaemonClient client;
  private final Thread hook;

  private BareDaemon(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
    this.client = new DaemonClient(folder.resolve("run").resolve(NAME + ".sock"));
    this.hook =
        Thread.ofPlatform().name("daemon-cleanup").unstarted(() -> process.destroyForcibly());
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * @param detect lines of the section that says how servers are watched
   */
  public static BareDaemon start(FakeCluster cluster, String detect) throws IOException {
    Path folder = Files.createTempDirectory("regent-bench-");
    Path config = folder.resolve("regent.toml");
    LabFolders.writePrivate(config, config(cluster, detect, folder));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.regent.cli.Main",
                "run",
                "-c",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    return new BareDaemon(folder, process);
  }

  private static String config(FakeCluster cluster, String detect, Path folder) {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        [cluster]
        name = "%s"
        profile = "async"
        [credentials]
        admin_user = "regent"
        admin_password = "pretended"
        replication_user = "repl"
        replication_password = "pretended"
        [tls]
        mode = "off"
        [daemon]
        state_dir = "%s"
        run_dir = "%s"
        [detect]
        %s
        """
            .formatted(NAME, folder.resolve("state"), folder.resolve("run"), detect));
    int number = 1;
    for (int port : cluster.ports()) {
      text.append(
          "[[server]]\nname = \"s%d\"\naddress = \"127.0.0.1:%d\"\n".formatted(number, port));
      number++;
    }
    return text.toString();
  }

  public long pid() {
    return process.pid();
  }

  /** All servers are seen, and there is nothing to complain about. */
  public boolean isWell() {
    if (!process.isAlive()) {
      throw new LabException("regent run has ended. It said:\n" + said());
    }
    try {
      return client.run("status", "\"check\":true").exit() == 0;
    } catch (IOException e) {
      // Its socket is not there yet.
      return false;
    }
  }

  /** Empty while all is well, else the start of what the daemon says about it. */
  public String complaint() throws IOException {
    if (isWell()) {
      return "";
    }
    List<String> lines = client.run("status", "").out();
    return ": " + String.join(" / ", lines.subList(0, Math.min(4, lines.size())));
  }

  private String said() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return "(" + e + ")";
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    LabFolders.deleteTree(folder);
  }
}
