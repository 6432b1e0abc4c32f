package dev.regent.lab.cluster;

import dev.regent.lab.machine.ServerProcess;
import dev.regent.lab.net.Host;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where one server lives: enough to find it again from another process.
 *
 * @param host the namespace that it lives in; empty: this machine's own network, on loopback
 */
public record ServerPlace(
    String name, int serverId, int port, Path folder, Path program, Optional<Host> host) {
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

  /** The address under which the other parties of its cluster reach it, without the port. */
  public String hostAddress() {
    return host.map(Host::address).orElse(HOST);
  }

  public String address() {
    return hostAddress() + ":" + port;
  }

  /**
   * Where a client finds it that is at the same host: the lab itself, whatever the network does.
   */
  String ownAddress() {
    return HOST + ":" + port;
  }
}
