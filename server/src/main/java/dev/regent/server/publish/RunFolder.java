package dev.regent.server.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder with the sockets of this machine's daemons, one per cluster. The client uses it too,
 * so it needs nothing but the JDK's base.
 */
public record RunFolder(Path path) {
  private static final String SOCKET = ".sock";

  /** The folder that daemon and client use when nobody names one. */
  public static RunFolder standard(Map<String, String> environment, String user, Path home) {
    if (user.equals("root")) {
      return new RunFolder(Path.of("/run/regent"));
    }
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    return new RunFolder(
        runtime.isEmpty()
            ? home.resolve(".local/state/regent/run")
            : Path.of(runtime).resolve("regent"));
  }

  /** The standard folder of this process. */
  public static RunFolder standard() {
    return standard(
        System.getenv(), System.getProperty("user.name"), Path.of(System.getProperty("user.home")));
  }

  public Path socket(String cluster) {
    return path.resolve(cluster + SOCKET);
  }

  /** Held by a daemon for its life, with its process id as content. */
  Path lock(String cluster) {
    return path.resolve(cluster + ".lock");
  }

  /** The sockets in this folder by name, those of dead daemons included. */
  public List<Path> sockets() throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(f -> f.toString().endsWith(SOCKET)).sorted().toList();
    }
  }

  /** The cluster whose daemon owns this socket. */
  public static String cluster(Path socket) {
    String name = String.valueOf(socket.getFileName());
    return name.endsWith(SOCKET) ? name.substring(0, name.length() - SOCKET.length()) : name;
  }

  /** Makes the folder, readable by its owner only; tightens one that is open to others. */
  void create() throws IOException {
    Set<PosixFilePermission> mine = PosixFilePermissions.fromString("rwx------");
    if (!Files.isDirectory(path)) {
      Files.createDirectories(path, PosixFilePermissions.asFileAttribute(mine));
    }
    if (!Files.getPosixFilePermissions(path).equals(mine)) {
      Files.setPosixFilePermissions(path, mine);
    }
  }
}
