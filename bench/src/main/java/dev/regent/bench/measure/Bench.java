package dev.regent.bench.measure;

import java.io.IOException;

/** One benchmark. It leaves nothing running, however it ends. */
public interface Bench {
  String name();

  /** One line: what it measures, and the bound. */
  String summary();

  /** How many rounds, if nobody says otherwise. */
  int rounds();

  Report run(Setting setting) throws IOException, InterruptedException;
}
