package dev.regent.server.config;

import dev.regent.server.publish.RunFolder;
import java.nio.file.Path;
import java.util.Map;

/** What a configuration takes from the process that reads it. */
public record Surroundings(Map<String, String> environment, String user, Path home) {
  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /** Of this process. */
  public static Surroundings here() {
    return new Surroundings(
        System.getenv(), System.getProperty("user.name"), Path.of(System.getProperty("user.home")));
  }

  /** Each cluster has a folder of its own: two managers on one machine must not meet in one. */
  Path state(String cluster) {
    if (user.equals("root")) {
      return Path.of("/var/lib/regent").resolve(cluster);
    }
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    Path base = state.isEmpty() ? home.resolve(".local/state") : Path.of(state);
    return base.resolve("regent").resolve(cluster);
  }

  Path run() {
    return RunFolder.standard(environment, user, home).path();
  }
}
