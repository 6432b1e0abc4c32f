package dev.regent.lab.arena;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.daemon.DaemonClient;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.daemon.PrimaryFeed;
import dev.regent.lab.daemon.RegentDaemon;
import dev.regent.lab.machine.LabException;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A cluster and {@code regent run} over it, with this process as an onlooker. */
public final class Arena implements AutoCloseable {
  private static final Duration WHOLE_WITHIN = Duration.ofSeconds(60);
  private static final Duration CHANGE_WITHIN = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final Duration GLANCE_EVERY = Duration.ofMillis(2);

  private final LabCluster cluster;
  private final RegentDaemon daemon;
  private final PrimaryFeed feed;
  private final Audit audit;
  private final boolean safe;

  private Arena(LabCluster cluster, RegentDaemon daemon, boolean safe) {
    this.cluster = cluster;
    this.daemon = daemon;
    this.feed = new PrimaryFeed(daemon.socket());
    this.audit = new Audit(daemon.audit());
    this.safe = safe;
  }

  /** Starts everything; the daemon answers, and may be still at adopting the cluster. */
  public static Arena open(LabOptions lab, DaemonOptions options) {
    return open(lab, cluster -> options);
  }

  /** The same, with options that depend on what was started. */
  public static Arena open(LabOptions lab, Function<LabCluster, DaemonOptions> made) {
    LabCluster cluster = LabCluster.start(lab);
    try {
      DaemonOptions options = made.apply(cluster);
      RegentDaemon daemon = RegentDaemon.start(cluster, options);
      return new Arena(cluster, daemon, options.profile().equals("safe"));
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** A daemon that acts every time, however often it is made to. */
  public static DaemonOptions tireless(String profile) {
    return DaemonOptions.of(profile)
        .with("flapping", "limit = 100")
        .with("flapping", "cool_down = \"0s\"");
  }

  public LabCluster cluster() {
    return cluster;
  }

  public RegentDaemon daemon() {
    return daemon;
  }

  public PrimaryFeed feed() {
    return feed;
  }

  public Audit audit() {
    return audit;
  }

  /** The server that the daemon names as the primary; while it names none, this waits. */
  public LabServer primary() throws IOException {
    if (!Waiting.until(CHANGE_WITHIN, GLANCE_EVERY, () -> feed.name().isPresent())) {
      throw failed("the daemon names no primary");
    }
    return feed.name()
        .map(cluster::server)
        .orElseThrow(() -> failed("the daemon names a primary no more"));
  }

  public List<LabServer> others() throws IOException {
    LabServer primary = primary();
    return cluster.servers().stream().filter(s -> !s.name().equals(primary.name())).toList();
  }

  /** Waits until a newer epoch's primary takes writes. */
  public LabServer awaitChange(long epoch) throws IOException {
    boolean changed =
        Waiting.until(
            CHANGE_WITHIN, GLANCE_EVERY, () -> feed.epoch() > epoch && feed.get().isPresent());
    if (!changed) {
      throw failed("no new primary after epoch " + epoch);
    }
    return primary();
  }

  /**
   * Waits until somebody takes writes after an outage: a newer epoch's primary, or the old one that
   * got its role back. The feed may still name the old one for a moment after it died.
   */
  public LabServer awaitReturn(long epoch, LabServer old) throws IOException {
    boolean back =
        Waiting.until(
            CHANGE_WITHIN.multipliedBy(2),
            LOOK_EVERY,
            () -> feed.get().isPresent() && (feed.epoch() > epoch || isWritable(old)));
    if (!back) {
      throw failed("nobody takes writes after the outage");
    }
    return primary();
  }

  private static boolean isWritable(LabServer server) {
    try {
      return server.isRunning() && server.value("SELECT @@read_only").equals("0");
    } catch (LabException e) {
      return false;
    }
  }

  /**
   * Waits until the writers have added this many transactions to the log of whoever is primary.
   * That may change meanwhile; and one that does not let us in just now is asked again: MariaDB
   * 11.4.5 lets nobody in while it gets rid of the connection of a semi-sync replica that is cut
   * off.
   */
  public void awaitWrites(long transactions) throws IOException {
    Map<String, Long> before = new TreeMap<>();
    if (!Waiting.until(
        CHANGE_WITHIN,
        Duration.ofMillis(20),
        () ->
            feed.name()
                .map(cluster::server)
                .filter(s -> wrote(s, transactions, before))
                .isPresent())) {
      throw failed("nobody writes to " + primary().name());
    }
  }

  private static boolean wrote(LabServer server, long transactions, Map<String, Long> before) {
    try {
      long now = logged(server);
      return now >= before.computeIfAbsent(server.name(), s -> now) + transactions;
    } catch (LabException e) {
      return false;
    }
  }

  private static long logged(LabServer server) {
    String position = server.value("SELECT @@gtid_binlog_pos");
    return position.isEmpty()
        ? 0
        : Long.parseLong(position.substring(position.lastIndexOf('-') + 1));
  }

  /** Waits until everything is as it should be: {@link #isWhole}. */
  public void awaitWhole() throws IOException {
    if (!Waiting.until(WHOLE_WITHIN, LOOK_EVERY, this::isWhole)) {
      throw failed("the cluster is not whole: " + words());
    }
  }

  /**
   * Every server but the primary replicates from it without lag, the daemon finds nothing wrong,
   * and in profile safe it promises a failover without loss.
   */
  public boolean isWhole() throws IOException {
    if (feed.get().isEmpty()) {
      return false;
    }
    ObjectNode status = status();
    boolean promised = !safe || status.path("lossFree").asBoolean(false);
    return promised
        && status.path("healthy").asBoolean(false)
        && status.path("plan").isNull()
        && cluster.servers().stream().allMatch(LabServer::isRunning)
        && everybodyFollows();
  }

  private boolean everybodyFollows() throws IOException {
    LabServer primary = primary();
    return others().stream().allMatch(s -> follows(s, primary));
  }

  /**
   * Whether nothing is left to do: no plan is open, somebody takes writes, and every other server
   * either follows or is held out for good.
   */
  public boolean isSettled() throws IOException {
    Map<String, List<String>> out = heldOut();
    if (out.isEmpty() || feed.get().isEmpty()) {
      return isWhole();
    }
    LabServer primary = primary();
    return status().path("plan").isNull()
        && others().stream().allMatch(s -> out.containsKey(s.name()) || follows(s, primary));
  }

  /** The transactions for which the daemon holds a server out, by server. */
  public Map<String, List<String>> heldOut() throws IOException {
    Map<String, List<String>> out = new TreeMap<>();
    for (JsonNode server : status().path("servers")) {
      JsonNode quarantine = server.path("quarantine");
      if (quarantine.isObject()) {
        List<String> errant = new ArrayList<>();
        quarantine.path("errant").forEach(e -> errant.add(e.asString("")));
        out.put(server.path("name").asString(""), errant);
      }
    }
    return out;
  }

  /** The replicas that the daemon names for reading: those it has seen replicate. */
  public List<String> readers() throws IOException {
    List<String> names = new ArrayList<>();
    status().path("routing").path("replicas").forEach(r -> names.add(r.asString("")));
    return names;
  }

  /** Why the daemon refuses to act just now, by the names of the reasons. */
  public List<String> holds() throws IOException {
    List<String> reasons = new ArrayList<>();
    for (JsonNode diagnosis : status().path("diagnoses")) {
      if (diagnosis.path("decision").asString("").equals("hold")) {
        reasons.add(diagnosis.path("reason").asString(""));
      }
    }
    return reasons;
  }

  /** What the daemon finds just now, by the names of the cases. */
  public List<String> diagnoses() throws IOException {
    List<String> names = new ArrayList<>();
    status().path("diagnoses").forEach(d -> names.add(d.path("name").asString("")));
    return names;
  }

  /** Whether it replicates from this primary, and is not late. */
  private static boolean follows(LabServer server, LabServer primary) {
    try {
      List<Map<String, String>> channels = server.rows("SHOW ALL SLAVES STATUS");
      return channels.size() == 1 && follows(channels.getFirst(), primary.port());
    } catch (LabException e) {
      return false;
    }
  }

  private static boolean follows(Map<String, String> channel, int port) {
    return "Yes".equals(channel.get("Slave_IO_Running"))
        && "Yes".equals(channel.get("Slave_SQL_Running"))
        && "0".equals(channel.get("Seconds_Behind_Master"))
        && ("" + port).equals(channel.get("Master_Port"));
  }

  /**
   * Starts a server that was killed and waits until it is a replica again, or held out for good.
   *
   * @param arguments of mariadbd
   * @return whether the cluster is whole again
   */
  public boolean bringBack(LabServer server, String... arguments) throws IOException {
    start(server, arguments);
    boolean decided =
        Waiting.until(WHOLE_WITHIN, LOOK_EVERY, () -> isQuarantined(server) || isWhole());
    if (!decided) {
      throw failed(server.name() + " is neither a replica again nor held out: " + words());
    }
    return !isQuarantined(server);
  }

  /** 11.4.5 crashes now and then while it recovers in the role of a replica; not twice. */
  public static void start(LabServer server, String... arguments) {
    try {
      server.start(arguments).awaitReady();
    } catch (LabException e) {
      if (server.isRunning()) {
        throw e;
      }
      server.start(arguments).awaitReady();
    }
  }

  public boolean isQuarantined(LabServer server) throws IOException {
    return heldOut().containsKey(server.name());
  }

  /** Empty while the daemon has nothing to say. */
  private ObjectNode status() throws IOException {
    DaemonClient.Answer answer = daemon.client().run("status", "\"json\":true");
    return answer.out().isEmpty()
        ? Json.object()
        : Json.read(answer.out().getFirst(), ObjectNode.class);
  }

  private String words() throws IOException {
    return daemon.client().run("status", "").text();
  }

  /** What went wrong, with what the daemon told last. */
  public LabException failed(String what) {
    return new LabException(
        what
            + "\n--- the daemon's last events:\n"
            + audit.tail(40)
            + "\n--- its output:\n"
            + tail(daemon.said()));
  }

  private static String tail(String text) {
    List<String> lines = text.lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  @Override
  public void close() {
    feed.close();
    daemon.close();
    cluster.close();
  }
}
