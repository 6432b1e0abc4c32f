package dev.regent.lab.scenario;

import java.io.IOException;

/** What is done to a healthy cluster under load. */
public interface Script {
  /**
   * Breaks, waits for what must come of it, and mends what nobody else can. When it returns, the
   * cluster must be able to become whole by itself.
   */
  void play(Stage stage) throws IOException;
}
