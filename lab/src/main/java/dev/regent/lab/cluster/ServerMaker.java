package dev.regent.lab.cluster;

import dev.regent.lab.install.DataTemplate;
import dev.regent.lab.install.ServerInstall;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.LabFolders;
import dev.regent.lab.machine.Mounts;
import dev.regent.lab.machine.Ports;
import dev.regent.lab.net.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Makes the servers of one cluster: folder, data, configuration, port, and their first start. */
final class ServerMaker {
  private static final int PORT_ATTEMPTS_MAX = 5;
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);

  private final Path clusterFolder;
  private final ServerInstall install;
  private final LabOptions options;
  private final Access access;
  private final Map<String, Host> hosts;

  /**
   * @param hosts where servers are to live, by name; who is not in it lives on loopback
   */
  ServerMaker(
      Path clusterFolder,
      ServerInstall install,
      LabOptions options,
      Access access,
      Map<String, Host> hosts) {
    this.clusterFolder = clusterFolder;
    this.install = install;
    this.options = options;
    this.access = access;
    this.hosts = hosts;
  }

  /** Makes server number {@code id} and starts it; it is ready, read-only and follows nobody. */
  LabServer make(int id) {
    Path folder = clusterFolder.resolve("server" + id);
    Path accountsFile = folder.resolve("accounts.sql");
    try {
      // Without parents: when the program is ending, they are gone and must not come back.
      Files.createDirectory(folder, LabFolders.privateFolder());
      prepareData(folder.resolve("data"));
      LabFolders.writePrivate(accountsFile, access.accounts().creationSql());
      LabServer server = startOnFreePort(id, folder, accountsFile);
      Files.delete(accountsFile);
      return server;
    } catch (IOException e) {
      throw new LabException("Cannot prepare server%d in %s: %s".formatted(id, folder, e), e);
    }
  }

  private void prepareData(Path data) throws IOException {
    Files.createDirectory(data, LabFolders.privateFolder());
    if (options.diskMebibytes().isPresent()) {
      Mounts.mountMemory(data, options.diskMebibytes().getAsInt());
    }
    DataTemplate.copyTo(data, install);
  }

  /** Between our test of a port and the server's use of it somebody may be faster. */
  private LabServer startOnFreePort(int id, Path folder, Path accountsFile) throws IOException {
    String name = "server" + id;
    for (int attempt = 1; ; attempt++) {
      ServerPlace place =
          new ServerPlace(
              name,
              id,
              Ports.reserve(folder),
              folder,
              install.program(),
              Optional.ofNullable(hosts.get(name)));
      Files.writeString(place.config(), ServerConfig.text(place, install, options, access));
      LabServer server = new LabServer(place, access).start("--init-file=" + accountsFile);
      LabServer.Readiness readiness = server.readiness(READY_WITHIN);
      if (readiness != LabServer.Readiness.PORT_TAKEN || attempt == PORT_ATTEMPTS_MAX) {
        return server.awaitReady();
      }
      Ports.release(folder);
    }
  }
}
