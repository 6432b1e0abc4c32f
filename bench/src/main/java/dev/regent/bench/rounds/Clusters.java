package dev.regent.bench.rounds;

import dev.regent.lab.cluster.LabOptions;
import java.nio.file.Path;

/** The clusters that benchmarks use. */
final class Clusters {
  static final int SERVERS = 3;

  private Clusters() {}

  static LabOptions usual(String name) {
    return LabOptions.of(SERVERS).withName("bench-" + name).withParallelThreads(4);
  }

  /** Where the lab puts its data; see {@code --data}. */
  static Path data() {
    String chosen = System.getProperty("regent.lab.data", "");
    return Path.of(chosen.isEmpty() ? System.getProperty("java.io.tmpdir") : chosen);
  }
}
