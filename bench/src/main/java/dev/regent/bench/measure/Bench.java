package dev.regent.bench.measure;

import java.io.IOException;

/** One benchmark. It leaves nothing running, however it ends. */
public interface Bench {
  String name();

  /** One line: what it measures, and the bound. */
  String summary();

  /** How many rounds, if nobody says otherwise. */
  int rounds();

  /** Whether what a sync costs is a part of what it measures: then servers have a disk. */
  default boolean syncs() {
    return true;
  }

  Report run(Setting setting) throws IOException, InterruptedException;
}
