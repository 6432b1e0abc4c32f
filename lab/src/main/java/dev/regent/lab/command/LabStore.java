package dev.regent.lab.command;

import dev.regent.lab.cluster.Access;
import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.cluster.ServerPlace;
import dev.regent.lab.cluster.TlsFiles;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.LabFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Remembers named labs: one folder each, with {@code lab.json} and a password file per account,
 * readable by their owner only. A lab is there completely or not at all.
 */
public final class LabStore {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path root;

  public LabStore(Path root) {
    this.root = root;
  }

  /** Throws when the name is in use, before anything is started in vain. */
  public void requireFree(String name) {
    if (Files.exists(folder(name))) {
      throw new LabException(
          "A lab named \"%s\" is there already (%s). Take it down first, or choose another --name."
              .formatted(name, folder(name)));
    }
  }

  public NamedLab save(LabCluster cluster) {
    NamedLab lab =
        new NamedLab(
            cluster.options().name(),
            cluster.install().version(),
            cluster.folder(),
            cluster.servers().stream().map(LabServer::place).toList());
    try {
      LabFolders.createPrivate(root);
      Path work = LabFolders.createPrivate(root.resolve("." + cluster.folder().getFileName()));
      try {
        write(work, lab, cluster.accounts());
        Files.move(work, folder(lab.name()), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        LabFolders.deleteTree(work);
      }
    } catch (IOException e) {
      throw new LabException("Cannot remember the lab in %s: %s".formatted(root, e), e);
    }
    return lab;
  }

  private static void write(Path work, NamedLab lab, Accounts accounts) throws IOException {
    LabFolders.writePrivate(work.resolve("lab.json"), JSON.writeValueAsString(lab));
    Path passwords = LabFolders.createPrivate(work.resolve("passwords"));
    for (Account account : accounts.all()) {
      LabFolders.writePrivate(passwords.resolve(account.user()), account.password());
    }
  }

  NamedLab load(String name) {
    Path file = folder(name).resolve("lab.json");
    if (!Files.exists(file)) {
      throw new LabException("There is no lab named \"%s\"%s.".formatted(name, hint(names())));
    }
    try {
      return JSON.readValue(Files.readString(file), NamedLab.class);
    } catch (IOException | JacksonException e) {
      throw new LabException(
          "Cannot read %s: %s. Delete %s if its servers are gone."
              .formatted(file, e.getMessage(), folder(name)),
          e);
    }
  }

  private static String hint(List<String> names) {
    return names.isEmpty()
        ? "; start one with the command up"
        : ". There are: " + String.join(", ", names);
  }

  List<String> names() {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(root)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new LabException("Cannot look into %s: %s".formatted(root, e), e);
    }
  }

  LabServer open(NamedLab lab, ServerPlace place) {
    return new LabServer(place, new Access(accounts(lab.name()), TlsFiles.in(lab.folder())));
  }

  Accounts accounts(String name) {
    return new Accounts(
        account(name, "root"),
        account(name, "regent"),
        account(name, "repl"),
        account(name, "app"));
  }

  private Account account(String name, String user) {
    Path file = passwordFile(name, user);
    try {
      return new Account(user, Files.readString(file));
    } catch (IOException e) {
      throw new LabException(
          "Cannot read the password of %s in %s: %s".formatted(user, file, e), e);
    }
  }

  Path passwordFile(String name, String user) {
    return folder(name).resolve("passwords").resolve(user);
  }

  /** Forgets the lab. Its servers are to be gone already. */
  void forget(String name) {
    LabFolders.deleteTree(folder(name));
  }

  private Path folder(String name) {
    return root.resolve(name);
  }
}
