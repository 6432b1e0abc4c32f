package dev.regent.cli.repmgr;

import dev.regent.cli.client.Surroundings;
import java.util.List;

/** Where the launcher {@code mariadb-repmgr} enters. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // What becomes of the act is told; the rest is for who keeps a daemon.
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
    System.exit(new Tool(Surroundings.ofProcess()).run(List.of(args)));
  }
}
