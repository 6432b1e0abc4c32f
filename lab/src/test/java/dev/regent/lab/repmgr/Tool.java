package dev.regent.lab.repmgr;

import dev.regent.cli.client.Surroundings;
import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabServer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs {@code mariadb-repmgr}: here, or as monitors do, as a program, through its launcher. */
final class Tool {
  private static final long SECONDS_MAX = 120;

  private final LabCluster cluster;
  private final Path folder;

  Tool(LabCluster cluster, Path folder) {
    this.cluster = cluster;
    this.folder = folder;
  }

  /** How a run ended, and what it said. */
  record Ran(int exit, String out, String err) {}

  /** One that may still be at work. */
  record Running(Process process, Path out, Path err) {
    Ran ended() {
      try {
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IllegalStateException("still running: " + Files.readString(out));
        }
        return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }

  /** In this process, which saves its start. */
  Ran run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings surroundings =
        new Surroundings(
            new BufferedReader(new StringReader("")),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            false,
            false,
            "ada",
            folder);
    int exit = new dev.regent.cli.repmgr.Tool(surroundings).run(complete(words));
    return new Ran(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** As a program of its own. */
  Running start(String... words) {
    List<String> command = new ArrayList<>(List.of(launcher().toString()));
    command.addAll(complete(words));
    return execute(command);
  }

  /** With logins on the command line, as old scripts give them. */
  private List<String> complete(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-user", pair(cluster.accounts().regent())));
    all.add("-rpluser=" + pair(cluster.accounts().repl()));
    all.add("-state-dir=" + folder.resolve("state"));
    return all;
  }

  Running execute(List<String> command) {
    try {
      Path out = Files.createTempFile(folder, "out", "");
      Path err = Files.createTempFile(folder, "err", "");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().put("REGENT_NO_BUILD", "yes");
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().put("HOME", folder.toString());
      builder.environment().put("XDG_STATE_HOME", folder.resolve("xdg").toString());
      builder.environment().merge("PATH", home() + ":", (path, ours) -> ours + path);
      return new Running(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String pair(Accounts.Account account) {
    return account.user() + ":" + account.password();
  }

  static String addresses(List<LabServer> servers) {
    return servers.stream().map(LabServer::address).collect(Collectors.joining(","));
  }

  Path script(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.writeString(file, "#!/bin/bash\n" + text, StandardCharsets.UTF_8);
      return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The source folder; tests run in a module's. */
  static Path home() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("mariadb-repmgr")) ? here : here.resolve("..").normalize();
  }

  private static Path launcher() {
    return home().resolve("mariadb-repmgr");
  }
}
