package dev.regent.lab.scenario;

import dev.regent.lab.arena.Load;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.daemon.DaemonOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The ground that a scenario is played on. Rounds with an equal one follow each other on the same
 * cluster, as long as it is whole.
 *
 * @param servers how many at least
 * @param load of the writers
 * @param place what kind of machines the parties have
 * @param serverLines of every server's configuration
 * @param managerLines of the manager's configuration
 */
public record Setup(
    int servers, Load load, Place place, List<String> serverLines, List<Line> managerLines) {
  /** A drill breaks the same server again and again, and wants to see it handled each time. */
  private static final List<Line> TIRELESS =
      List.of(new Line("flapping", "limit = 100"), new Line("flapping", "cool_down = \"0s\""));

  /**
   * As many clients as the promise is stated for, at a rate that leaves room on a small machine, so
   * that outages are the manager's and not the load's.
   */
  private static final Load USUAL = Load.of(8, 400);

  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT = Duration.ofMillis(500);
  private static final int DISK_MEBIBYTES = 96;

  /** What kind of machines the parties have. */
  public enum Place {
    /** All share this one. */
    SHARED,
    /** Each is on a network host of its own, so that paths between them can fail. */
    APART,
    /** Each server's data is on a disk of its own, so that it can be full. */
    SMALL_DISKS
  }

  /** One line of the manager's configuration. */
  public record Line(String section, String text) {}

  public Setup {
    serverLines = List.copyOf(serverLines);
    managerLines = List.copyOf(managerLines);
  }

  public static Setup usual() {
    return new Setup(3, USUAL, Place.SHARED, List.of(), TIRELESS);
  }

  /** With limits on failovers, as a manager has by itself. */
  public static Setup withFlapping(String... lines) {
    List<Line> all = new ArrayList<>();
    List.of(lines).forEach(l -> all.add(new Line("flapping", l)));
    return new Setup(3, USUAL, Place.SHARED, List.of(), all);
  }

  public Setup withServers(int value) {
    return new Setup(value, load, place, serverLines, managerLines);
  }

  private Setup with(Load value) {
    return new Setup(servers, value, place, serverLines, managerLines);
  }

  private Setup at(Place value) {
    return new Setup(servers, load, value, serverLines, managerLines);
  }

  /** Clients write as fast as they are answered: the more is under way, the more can be lost. */
  public Setup flatOut() {
    return with(Load.of(load.clients(), 0));
  }

  /** Clients turn away from a server that says nothing. */
  public Setup impatient() {
    return with(load.withPatience(SHORT));
  }

  /** Every party on a host of its own. Replicas notice soon that they hear nothing. */
  public Setup apart() {
    return at(Place.APART).servers("slave_net_timeout=2");
  }

  /** Every server on a disk of its own. */
  public Setup onSmallDisks() {
    return at(Place.SMALL_DISKS);
  }

  /** A line of every server's configuration. */
  public Setup servers(String line) {
    List<String> all = new ArrayList<>(serverLines);
    all.add(line);
    return new Setup(servers, load, place, all, managerLines);
  }

  /** A line of the manager's configuration. */
  public Setup manager(String section, String line) {
    List<Line> all = new ArrayList<>(managerLines);
    all.add(new Line(section, line));
    return new Setup(servers, load, place, serverLines, all);
  }

  LabOptions lab(String profile) {
    LabOptions options =
        LabOptions.of(servers)
            .withName("drill-" + profile)
            .withParallelThreads(4)
            .withConfig(serverLines.toArray(String[]::new));
    return switch (place) {
      case SHARED -> options;
      case APART -> options.inNamespaces().withHeartbeat(HEARTBEAT);
      case SMALL_DISKS -> options.withDisk(DISK_MEBIBYTES);
    };
  }

  DaemonOptions daemon(String profile) {
    DaemonOptions options = DaemonOptions.of(profile);
    for (Line line : managerLines) {
      options = options.with(line.section(), line.text());
    }
    return options;
  }
}
