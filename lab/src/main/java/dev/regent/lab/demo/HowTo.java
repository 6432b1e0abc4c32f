package dev.regent.lab.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.daemon.DaemonClient;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.daemon.PrimaryFeed;
import dev.regent.lab.daemon.RegentDaemon;
import dev.regent.lab.daemon.Subscription;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The how-to about automatic failover, executed: Regent's monitor in place of MaxScale's, its
 * {@code mariadb-repmgr} and {@code maxadmin} in place of the old ones, between them the how-to's
 * own script.
 */
final class HowTo {
  /** The password of the how-to's {@code maxadmin}. */
  private static final String PASSWORD = "mariadb";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LabCluster cluster;
  private final RegentDaemon daemon;
  private final HowToScript script;
  private final Path home;
  private final int port;
  private final Timeline timeline;
  private final List<String> broken = new ArrayList<>();

  private HowTo(
      LabCluster cluster, RegentDaemon daemon, HowToScript script, Setting setting, Timeline out) {
    this.cluster = cluster;
    this.daemon = daemon;
    this.script = script;
    this.home = setting.home();
    this.port = setting.port();
    this.timeline = out;
  }

  /**
   * @param home the folder with {@code maxadmin} and {@code mariadb-repmgr}
   * @param port where the daemon answers {@code maxadmin}
   */
  record Setting(Path home, int port) {}

  static HowToResult play(
      LabCluster cluster,
      RegentDaemon daemon,
      HowToScript script,
      Setting setting,
      Timeline timeline)
      throws IOException {
    return new HowTo(cluster, daemon, script, setting, timeline).play();
  }

  static DaemonOptions options(HowToScript script, int port) {
    return DaemonOptions.of("async")
        .with("events", "script = \"" + script.file() + "\"")
        .with("events", "events = \"master_down\"")
        .with("events", "timeout = \"90s\"")
        .with("events", "failover = \"script\"")
        .with("maxadmin", "port = " + port)
        .with("maxadmin", "password = \"" + PASSWORD + "\"");
  }

  private HowToResult play() throws IOException {
    Subscription events = Subscription.to(daemon.socket(), "events", timeline::event);
    try (PrimaryFeed feed = new PrimaryFeed(daemon.socket());
        events) {
      begin(feed);
      long moved = failover(feed);
      long back = rejoin(feed);
      return new HowToResult(moved, back, script.calls(), broken);
    }
  }

  private void begin(PrimaryFeed feed) throws IOException {
    timeline.chapter("1. Three servers, server3 the master; a monitor that calls failover.sh");
    expect("two servers follow the third", () -> following() == 2);
    BooleanSupplier moves = () -> order("switchover", "\"to\":\"server3\"").exit() == 0;
    expect("server3 is configured as the master", moves);
    expect("server3 is the master", () -> feed.name().orElse("").equals("server3"));
    expect("the others follow it", () -> following() == 2);
    timeline.say("[events] script=" + script.file().getFileName() + " events=master_down");
    timeline.say("");
    expectShown(3, "Master, Running");
    showServers();
  }

  private long failover(PrimaryFeed feed) throws IOException {
    timeline.chapter("2. server3# service mysql stop");
    timeline.listen(true);
    timeline.mark();
    long began = System.nanoTime();
    cluster.server(3).stop();
    timeline.stamp("server3 is stopped");
    expect(
        "the script moves the role",
        () -> List.of("server1", "server2").contains(feed.name().orElse("")));
    long moved = millisSince(began);
    expect("the other one follows", () -> following() == 1);
    timeline.listen(false);
    timeline.say("");
    timeline.say("failover.sh was called with: " + script.calls());
    timeline.say("");
    int next = feed.name().orElse("").equals("server1") ? 1 : 2;
    expectShown(next, "Master, Running");
    expectShown(3 - next, "Slave, Running");
    expectShown(3, "Down");
    showServers();
    return moved;
  }

  private long rejoin(PrimaryFeed feed) throws IOException {
    timeline.chapter("3. server3 is started again, and joins by itself: what the how-to left open");
    timeline.listen(true);
    timeline.mark();
    long began = System.nanoTime();
    cluster.server(3).start().awaitReady();
    timeline.stamp("server3 is started");
    expect("server3 follows " + feed.name().orElse("?"), () -> following() == 2);
    long back = millisSince(began);
    timeline.listen(false);
    timeline.say("");
    expectShown(3, "Slave, Running");
    showServers();
    return back;
  }

  // --- looking

  private void showServers() throws IOException {
    timeline.say("$ maxadmin -p" + PASSWORD + " -P " + port + " \"show servers\"");
    maxadmin().lines().forEach(timeline::say);
  }

  private void expectShown(int number, String status) {
    expect(
        "show servers has server" + number + " as " + status,
        () -> statusOf(number).equals(status));
  }

  private String statusOf(int number) {
    String shown;
    try {
      shown = maxadmin();
    } catch (IOException e) {
      return "(" + e.getMessage() + ")";
    }
    int at = shown.indexOf("(server" + number + ")");
    return at < 0
        ? shown
        : shown
            .substring(at)
            .lines()
            .filter(line -> line.strip().startsWith("Status:"))
            .map(line -> line.strip().substring("Status:".length()).strip())
            .findFirst()
            .orElse("");
  }

  /** The real command, as an administrator would type it, but for the port. */
  private String maxadmin() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            home.resolve("maxadmin").toString(), "-P", Integer.toString(port), "show servers");
    builder.environment().put("REGENT_NO_BUILD", "yes");
    builder.environment().put("REGENT_MAXADMIN_PASSWORD", PASSWORD);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8).stripTrailing();
  }

  private long following() {
    return cluster.servers().stream().filter(LabServer::isRunning).filter(Demo::replicates).count();
  }

  private DaemonClient.Answer order(String command, String arguments) {
    try {
      return daemon.client().run(command, arguments);
    } catch (IOException e) {
      return new DaemonClient.Answer(1, List.of(), List.of(String.valueOf(e.getMessage())));
    }
  }

  private void expect(String what, BooleanSupplier condition) {
    if (!RegentDaemon.await(PATIENCE, condition)) {
      broken.add("not within " + PATIENCE.toSeconds() + " s: " + what);
    }
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }
}
