package dev.regent.lab.cluster;

import dev.regent.lab.machine.ServerProcess;
import java.nio.file.Path;
import java.util.Optional;

/** Where one server lives: enough to find it again from another process. */
public record ServerPlace(String name, int serverId, int port, Path folder, Path program) {
  public static final String HOST = "127.0.0.1";

  public Path data() {
    return folder.resolve("data");
  }

  public Path config() {
    return folder.resolve("my.cnf");
  }

  public Path log() {
    return folder.resolve("error.log");
  }

  /** Our own note of the process; the server's pid file names a number only. */
  Path processFile() {
    return processFile(folder);
  }

  /** The process last started in this server's folder, if it still exists. */
  static Optional<ServerProcess> processIn(Path folder) {
    return ServerProcess.load(processFile(folder)).filter(ServerProcess::isAlive);
  }

  private static Path processFile(Path folder) {
    return folder.resolve("process");
  }

  public String address() {
    return HOST + ":" + port;
  }
}
