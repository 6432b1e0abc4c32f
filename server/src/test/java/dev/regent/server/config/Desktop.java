package dev.regent.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** A folder in which somebody writes configurations. */
record Desktop(Path folder) {
  static final Map<String, String> ENVIRONMENT =
      Map.of("XDG_STATE_HOME", "/users/anna/state", "REGENT_PW", "from-environment");

  /** Complete, with nothing in it that has a default. */
  static final String SMALLEST =
      """
      [cluster]
      name = "shop"
      [[server]]
      name = "db1"
      address = "db1:3306"
      [[server]]
      name = "db2"
      address = "db2:3306"
      [credentials]
      admin_user = "regent"
      admin_password = "hunter2"
      replication_user = "replica"
      replication_password = "hunter3"
      """;

  ConfigResult load(String text) {
    return ConfigLoader.load(write("regent.toml", "rw-------", text), surroundings());
  }

  static Surroundings surroundings() {
    return new Surroundings(ENVIRONMENT, "anna", Path.of("/users/anna"));
  }

  Path write(String name, String permissions, String text) {
    try {
      Path file = folder.resolve(name);
      Files.writeString(file, text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Config loaded(String text) {
    return config(load(text));
  }

  static Config config(ConfigResult result) {
    return switch (result) {
      case ConfigResult.Ok(Config config) -> config;
      case ConfigResult.Invalid(List<Mistake> mistakes) ->
          throw new AssertionError(String.join("\n", sentences(mistakes)));
    };
  }

  List<String> mistakesIn(String text) {
    return mistakes(load(text));
  }

  static List<String> mistakes(ConfigResult result) {
    assertThat(result).isInstanceOf(ConfigResult.Invalid.class);
    return sentences(((ConfigResult.Invalid) result).mistakes());
  }

  private static List<String> sentences(List<Mistake> mistakes) {
    return mistakes.stream().map(Mistake::sentence).toList();
  }
}
