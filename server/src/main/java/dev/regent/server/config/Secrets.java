package dev.regent.server.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds passwords: written in the file, in a file of their own, or in the environment. A file with
 * a password in it must be closed to everybody but its owner.
 */
final class Secrets {
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  /** A password file is one line; anything larger is another file. */
  private static final long SIZE_MAX = 64 << 10;

  private final Path config;
  private final Surroundings surroundings;
  private final List<String> variables = new ArrayList<>();
  private boolean configChecked;

  Secrets(Path config, Surroundings surroundings) {
    this.config = config;
    this.surroundings = surroundings;
  }

  /** Whether any of the three ways to give this password is there. */
  static boolean present(Section section, String key) {
    return section.has(key) || section.has(key + "_file") || section.has(key + "_env");
  }

  /** The variables of the environment that hold passwords, of those read so far. */
  List<String> variables() {
    return List.copyOf(variables);
  }

  /** The password; empty only together with a mistake. */
  Optional<Secret> read(Section section, String key, Mistakes mistakes) {
    Optional<String> inline = section.hidden(key);
    Optional<String> file = section.text(key + "_file");
    Optional<String> variable = section.text(key + "_env");
    List<String> given = new ArrayList<>();
    for (String way : List.of(key, key + "_file", key + "_env")) {
      if (section.has(way)) {
        given.add(way);
      }
    }
    if (given.size() > 1) {
      String last = given.getLast();
      section.mistake(last, "is given beside " + given.getFirst(), "keep one of the two");
    }
    if (given.isEmpty()) {
      mistakes.addMissing(
          section.line(key),
          section.name() + " " + key + " is missing",
          "add "
              + key
              + "_file = \"FILE\", "
              + key
              + "_env = \"VARIABLE\" or "
              + key
              + " = \"...\"");
    }
    if (section.has(key)) {
      checkConfigIsPrivate(section, key);
    }
    return inline
        .or(() -> file.flatMap(f -> fromFile(section, key + "_file", f)))
        .or(() -> variable.flatMap(v -> fromEnvironment(section, key + "_env", v)))
        .map(Secret::new);
  }

  private void checkConfigIsPrivate(Section section, String key) {
    if (!configChecked && openToOthers(config)) {
      section.mistake(
          key,
          "stands in a file that others may read",
          "chmod 600 " + config + ", or move the password to a file of its own (" + key + "_file)");
    }
    configChecked = true;
  }

  private Optional<String> fromFile(Section section, String key, String name) {
    Path file = config.toAbsolutePath().resolveSibling(name);
    try {
      if (Files.size(file) > SIZE_MAX) {
        section.mistake(key, file + " is too large for a password", "name another file");
        return Optional.empty();
      }
      String text = Files.readString(file, UTF_8).stripTrailing();
      if (openToOthers(file)) {
        section.mistake(key, file + " may be read by others", "chmod 600 " + file);
      } else if (text.isEmpty()) {
        section.mistake(key, file + " is empty", "write the password into it");
      }
      return Optional.of(text).filter(t -> !t.isEmpty());
    } catch (NoSuchFileException e) {
      section.mistake(key, file + " does not exist", "create it with mode 600, or name another");
    } catch (IOException e) {
      section.mistake(
          key, file + " cannot be read (" + e.getClass().getSimpleName() + ")", readableBy());
    }
    return Optional.empty();
  }

  private String readableBy() {
    return "make it a file that user " + surroundings.user() + " can read";
  }

  private Optional<String> fromEnvironment(Section section, String key, String variable) {
    variables.add(variable);
    String value = surroundings.environment().getOrDefault(variable, "");
    if (value.isEmpty()) {
      section.mistake(
          key,
          "names " + variable + ", which is not set",
          "set it in the environment of the daemon, or name another");
      return Optional.empty();
    }
    return Optional.of(value);
  }

  static boolean openToOthers(Path file) {
    try {
      return !OWNER.containsAll(Files.getPosixFilePermissions(file));
    } catch (IOException | UnsupportedOperationException e) {
      // It was read a moment ago; a file system without permissions has none to check.
      return false;
    }
  }
}
