package dev.regent.lab.scenario;

import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.daemon.DaemonOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * The ground that a scenario is played on. Rounds with an equal one follow each other on the same
 * cluster, as long as it is whole.
 *
 * @param servers how many at least
 * @param ratePerSecond of all writers together; 0: as fast as they are answered
 * @param serverLines of every server's configuration
 * @param managerLines of the manager's configuration
 */
public record Setup(
    int servers, int ratePerSecond, List<String> serverLines, List<Line> managerLines) {
  /** Leaves room on a small machine, so that outages are the manager's and not the load's. */
  private static final int USUAL_RATE = 400;

  /** A drill breaks the same server again and again, and wants to see it handled each time. */
  private static final List<Line> TIRELESS =
      List.of(new Line("flapping", "limit = 100"), new Line("flapping", "cool_down = \"0s\""));

  /** One line of the manager's configuration. */
  public record Line(String section, String text) {}

  public Setup {
    serverLines = List.copyOf(serverLines);
    managerLines = List.copyOf(managerLines);
  }

  public static Setup usual() {
    return new Setup(3, USUAL_RATE, List.of(), TIRELESS);
  }

  /** With the limits on failovers that a manager has by itself, or others. */
  public static Setup withFlapping(String... lines) {
    List<Line> all = new ArrayList<>();
    List.of(lines).forEach(l -> all.add(new Line("flapping", l)));
    return new Setup(3, USUAL_RATE, List.of(), all);
  }

  public Setup withServers(int value) {
    return new Setup(value, ratePerSecond, serverLines, managerLines);
  }

  /** Clients write as fast as they are answered: the more is under way, the more can be lost. */
  public Setup flatOut() {
    return new Setup(servers, 0, serverLines, managerLines);
  }

  /** A line of every server's configuration. */
  public Setup servers(String line) {
    List<String> all = new ArrayList<>(serverLines);
    all.add(line);
    return new Setup(servers, ratePerSecond, all, managerLines);
  }

  /** A line of the manager's configuration. */
  public Setup manager(String section, String line) {
    List<Line> all = new ArrayList<>(managerLines);
    all.add(new Line(section, line));
    return new Setup(servers, ratePerSecond, serverLines, all);
  }

  LabOptions lab(String profile) {
    return LabOptions.of(servers)
        .withName("drill-" + profile)
        .withParallelThreads(4)
        .withConfig(serverLines.toArray(String[]::new));
  }

  DaemonOptions daemon(String profile) {
    DaemonOptions options = DaemonOptions.of(profile);
    for (Line line : managerLines) {
      options = options.with(line.section(), line.text());
    }
    return options;
  }
}
