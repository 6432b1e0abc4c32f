package dev.regent.server.migrate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.regent.server.config.ConfigLoader;
import dev.regent.server.config.ConfigResult;
import dev.regent.server.config.Mistake;
import dev.regent.server.config.Surroundings;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/**
 * Reads another manager's file, writes ours. What is written, Regent accepts: it is checked before,
 * beside the place where it will be.
 */
public final class Importer {
  /** More is no configuration. */
  private static final long SIZE_MAX = 4 << 20;

  private final Options options;
  private final Surroundings surroundings;

  /**
   * How.
   *
   * @param cluster which monitor or cluster of the file; empty if there is only one
   * @param force replaces a file that is there
   * @param plainPasswords takes passwords as they are, even if they look encrypted
   */
  public record Options(String cluster, boolean force, boolean plainPasswords) {}

  public Importer(Options options, Surroundings surroundings) {
    this.options = options;
    this.surroundings = surroundings;
  }

  /**
   * Writes {@code to} with mode 0600, whole or not at all.
   *
   * @throws IOException it cannot be written; what was there is still there
   */
  public Imported run(Path from, Path to) throws IOException {
    if (!options.force() && Files.exists(to)) {
      return refused(to + " exists", "name another file with -o, or replace it with --force");
    }
    String text;
    try {
      if (Files.size(from) > SIZE_MAX) {
        return refused(from + " is too large for a configuration", "name another file");
      }
      text = Files.readString(from, UTF_8);
    } catch (NoSuchFileException e) {
      return refused(from + " does not exist", "name an existing file");
    } catch (IOException e) {
      return refused(from + " cannot be read (" + e.getClass().getSimpleName() + ")", "see to it");
    }
    Optional<Draft> draft = draft(text);
    if (draft.isEmpty()) {
      return refused(
          from + " is neither a maxscale.cnf nor a config.toml of replication-manager",
          "there is no section with type=monitor, and no key db-servers-hosts or hosts");
    }
    return draft.get().mistakes().isEmpty()
        ? write(draft.get(), to)
        : new Imported.Refused(draft.get().mistakes());
  }

  private static Imported refused(String what, String mend) {
    return new Imported.Refused(List.of(new Mistake(0, what, mend)));
  }

  private Optional<Draft> draft(String text) {
    Ini ini = new Ini(text);
    if (MaxScaleImport.recognises(ini)) {
      return Optional.of(
          new MaxScaleImport(ini, options.cluster(), options.plainPasswords()).read());
    }
    TomlParseResult toml = Toml.parse(text);
    return ManagerImport.recognises(toml)
        ? Optional.of(new ManagerImport(toml, options.cluster()).read())
        : Optional.empty();
  }

  private Imported write(Draft draft, Path to) throws IOException {
    Path folder = to.toAbsolutePath().getParent();
    Path fresh =
        Files.createTempFile(
            folder == null ? Path.of("/") : folder,
            ".regent-import",
            ".toml",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(fresh, draft.toCheck());
      if (ConfigLoader.load(fresh, surroundings) instanceof ConfigResult.Invalid invalid) {
        return new Imported.Refused(invalid.mistakes().stream().map(Importer::ofResult).toList());
      }
      Files.writeString(fresh, draft.toml());
      if (options.force()) {
        Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.move(fresh, to);
      }
      return new Imported.Written(to, draft.from(), draft.leftovers(), todo(draft, to));
    } catch (FileAlreadyExistsException e) {
      return refused(to + " exists", "name another file with -o, or replace it with --force");
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Its line would be one of a file that is not there. */
  private static Mistake ofResult(Mistake mistake) {
    return new Mistake(0, "what it says is no configuration: " + mistake.what(), mistake.mend());
  }

  private static List<String> todo(Draft draft, Path to) {
    List<String> todo = new ArrayList<>();
    for (String role : draft.unreadable()) {
      Path file = to.resolveSibling(role + ".password");
      todo.add("write the password of " + role + "_user into " + file + ", mode 0600");
    }
    todo.add("choose a profile in " + to + ": it says what a failover may cost");
    todo.add("regent config check -c " + to);
    todo.add("regent doctor -c " + to);
    return todo;
  }
}
