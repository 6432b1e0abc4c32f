package dev.regent.lab.install;

import dev.regent.lab.machine.AtomicFolder;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.LabFolders;
import dev.regent.lab.machine.LogTail;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A data folder with system tables and nothing else, made once per server version and copied for
 * each server: a copy takes milliseconds, making it takes most of a second.
 *
 * <p>It holds no account that can log in over TCP. Each cluster adds its own, with passwords of its
 * own, so that a test that reaches the wrong server is turned away instead of breaking it.
 */
public final class DataTemplate {
  /** Raise it when the statements or sizes below change. */
  private static final int FORMAT = 1;

  private static final int BOOTSTRAP_SECONDS_MAX = 120;

  /** Small files: a server's data is 15 MB instead of 140. The servers run with the same sizes. */
  public static final List<String> SIZES =
      List.of(
          "innodb_undo_tablespaces=0",
          "innodb_autoextend_increment=1",
          "innodb_data_file_path=ibdata1:4M:autoextend",
          "innodb_temp_data_file_path=ibtmp1:1M:autoextend",
          "innodb_log_file_size=8M");

  /** One statement per line end, as the bootstrap reader wants it. */
  private static final String BEFORE = "create database mysql;\nuse mysql;\n";

  /** The scripts give root rights under this machine's name; nobody may come in that way. */
  private static final String AFTER =
      """

      delete from global_priv where Host <> 'localhost' or User = '';
      delete from proxies_priv where Host <> 'localhost';
      """;

  private DataTemplate() {}

  /** Makes the template of this server version, unless it is there. */
  public static void prepare(ServerInstall install) {
    if (!Files.isDirectory(template(install))) {
      AtomicFolder.create(
          LabFolders.cache(), templateName(install), work -> bootstrap(work, install));
    }
  }

  /** Copies the template, which has been prepared, into {@code folder}, which is empty. */
  public static void copyTo(Path folder, ServerInstall install) {
    try {
      LabFolders.copyTree(template(install), folder);
    } catch (IOException e) {
      throw new LabException("Cannot copy %s to %s: %s".formatted(template(install), folder, e), e);
    }
  }

  private static Path template(ServerInstall install) {
    return LabFolders.cache().resolve(templateName(install));
  }

  private static String templateName(ServerInstall install) {
    return "data-%s-%d".formatted(install.version(), FORMAT);
  }

  private static void bootstrap(Path data, ServerInstall install) throws IOException {
    Path log = data.resolve("bootstrap.log");
    Process server =
        new ProcessBuilder(command(data, install))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean fed = feed(server, install);
    if (!exited(server) || server.exitValue() != 0 || !fed) {
      server.destroyForcibly();
      throw new LabException(
          "Server %s could not make its system tables. It said:%n%s"
              .formatted(install.program(), LogTail.of(log, 20)));
    }
    Files.delete(log);
  }

  private static List<String> command(Path data, ServerInstall install) {
    List<String> command = new ArrayList<>();
    command.add(install.program().toString());
    command.add("--no-defaults");
    command.add("--bootstrap");
    command.add("--datadir=" + data);
    command.addAll(install.placeArguments());
    command.add("--skip-ssl");
    command.add("--innodb_buffer_pool_size=16M");
    SIZES.forEach(size -> command.add("--" + size));
    if (LabFolders.isOwnedByRoot(data)) {
      command.add("--user=root");
    }
    return command;
  }

  /** False when the server went away before it had read everything. */
  private static boolean feed(Process server, ServerInstall install) throws IOException {
    List<byte[]> parts = new ArrayList<>();
    parts.add(BEFORE.getBytes(StandardCharsets.UTF_8));
    for (Path script : install.tableScripts()) {
      parts.add(Files.readAllBytes(script));
    }
    parts.add(AFTER.getBytes(StandardCharsets.UTF_8));
    try (OutputStream in = server.getOutputStream()) {
      for (byte[] part : parts) {
        in.write(part);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean exited(Process server) {
    try {
      return server.waitFor(BOOTSTRAP_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
