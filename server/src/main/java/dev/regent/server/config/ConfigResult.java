package dev.regent.server.config;

import java.util.List;

/** What came of reading a configuration: all of it, or every mistake in it. */
public sealed interface ConfigResult {

  record Ok(Config config) implements ConfigResult {}

  /** Mistakes in the order of their lines; at least one. */
  record Invalid(List<Mistake> mistakes) implements ConfigResult {
    public Invalid {
      mistakes = List.copyOf(mistakes);
    }
  }
}
