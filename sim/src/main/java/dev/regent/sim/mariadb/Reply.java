package dev.regent.sim.mariadb;

import dev.regent.core.model.Observation.Kind;

/** How a statement ended, as its client sees it. */
public sealed interface Reply<T> {
  record Done<T>(T value) implements Reply<T> {}

  /** The server answered with an error; the connection is as good as before. */
  record Refused<T>(int code, String text) implements Reply<T> {}

  /** The connection is gone, and with it the knowledge of what the server did. */
  record Lost<T>(Kind kind, String text) implements Reply<T> {}

  static Reply<Boolean> ok() {
    return new Done<>(true);
  }

  default boolean done() {
    return this instanceof Done;
  }
}
