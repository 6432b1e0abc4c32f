package dev.regent.cli.flags;

import dev.regent.server.config.Config.Login;
import dev.regent.server.config.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds {@code user:password} pairs: handed over by the launcher, so that they stand on no command
 * line, or in a file of their own, or in a word of the command line after all.
 */
public final class Logins {
  /** A pair is one line; anything larger is another file. */
  private static final long SIZE_MAX = 64 << 10;

  private final Map<String, String> handed;

  private Logins(Map<String, String> handed) {
    this.handed = Map.copyOf(handed);
  }

  public static Logins none() {
    return new Logins(Map.of());
  }

  /** What the launcher wrote: {@code flag=value} lines, in a pipe that it opened for us. */
  public static Logins handedOver(Path pipe) throws IOException {
    Map<String, String> handed = new HashMap<>();
    for (String line : Files.readAllLines(pipe, StandardCharsets.UTF_8)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        handed.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return new Logins(handed);
  }

  /** Messages never quote a value: half of it may be the password. */
  Login read(String flag, GoFlags flags) throws GoFlags.Mistake {
    String value = flags.has(flag) ? flags.text(flag) : handed.getOrDefault(flag, "");
    if (value.isEmpty()) {
      throw new GoFlags.Mistake("-" + flag + " is missing: -" + flag + "=@FILE");
    }
    String pair = value.startsWith("@") ? fromFile(flag, Path.of(value.substring(1))) : value;
    int colon = pair.indexOf(':');
    String user = colon < 0 ? pair : pair.substring(0, colon);
    if (user.isEmpty()) {
      throw new GoFlags.Mistake("-" + flag + " has no user: USER:PASSWORD is wanted");
    }
    return new Login(user, new Secret(colon < 0 ? "" : pair.substring(colon + 1)));
  }

  private static String fromFile(String flag, Path file) throws GoFlags.Mistake {
    try {
      if (Files.size(file) > SIZE_MAX) {
        throw new GoFlags.Mistake("-" + flag + ": " + file + " is too large for a password file");
      }
      Set<PosixFilePermission> open = Files.getPosixFilePermissions(file);
      open.removeAll(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
      if (!open.isEmpty()) {
        throw new GoFlags.Mistake(
            "-" + flag + ": " + file + " may be read by others; chmod 600 " + file);
      }
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      return lines.isEmpty() ? "" : lines.getFirst();
    } catch (IOException e) {
      throw new GoFlags.Mistake(
          "-" + flag + ": " + file + " cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }
}
