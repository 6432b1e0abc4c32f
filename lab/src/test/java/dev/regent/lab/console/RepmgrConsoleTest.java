package dev.regent.lab.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("real")
final class RepmgrConsoleTest {
  @TempDir private Path folder;

  @Test
  void looksAsksAndActsWithoutADaemon() throws Exception {
    try (LabCluster cluster = LabCluster.start(LabOptions.of(3));
        Pty pty = console(cluster)) {
      LabServer first = cluster.server(1);
      LabServer second = cluster.server(2);
      pty.sees("mariadb-repmgr  healthy", "primary   " + first.address(), "followed by 2");

      pty.type("p");
      pty.sees("nothing happens here by itself").type("x");
      pty.type("r");
      pty.sees("is the primary; to close it").type("x");

      pty.type("\033[Br");
      pty.sees("SET GLOBAL read_only=0", "Do this? [y/N]").type("n");
      pty.until("nothing", s -> s.contains("-- events"));
      assertThat(second.value("SELECT @@read_only")).isEqualTo("1");
      pty.type("r");
      pty.sees("Do this? [y/N]").type("y");
      pty.sees(second.address() + " takes writes").type("\r");
      assertThat(second.value("SELECT @@read_only")).isEqualTo("0");
      pty.sees("NOT HEALTHY", "takes writes, running");
      pty.type("\022");
      pty.sees("read_only on on all replicas", "Do this? [y/N]").type("y");
      pty.sees("on all replicas: done").type("\r");
      assertThat(second.value("SELECT @@read_only")).isEqualTo("1");

      // What an interrupted run left is one thing, and what was ordered another.
      try (Pty killed = interrupted(cluster)) {
        killed.ended(137);
      }
      assertThat(first.value("SELECT @@read_only")).as("it had frozen it").isEqualTo("1");
      pty.type("\023");
      pty.sees("> " + second.address()).type("\r");
      pty.sees("would first finish or undo", "Do this? [y/N]").type("y");
      pty.sees("switchover to " + second.address() + ": held", "interrupted run left is settled");
      assertThat(first.value("SELECT @@read_only")).isEqualTo("0");
      assertThat(second.value("SELECT @@read_only")).isEqualTo("1");
      pty.type("\r");

      // Ctrl-S, as ever.
      pty.type("\023");
      pty.sees("> " + second.address()).type("\r");
      pty.sees("Do this? [y/N]", "switch over from").type("y");
      pty.sees("switchover to " + second.address() + ": done", "primary   " + second.address());
      assertThat(first.value("SELECT @@read_only")).isEqualTo("1");
      assertThat(second.value("SELECT @@read_only")).isEqualTo("0");

      pty.type("\rq");
      pty.ended(0);
    }
  }

  private Pty interrupted(LabCluster cluster) throws IOException {
    Path killer = folder.resolve("killer");
    Files.writeString(killer, "#!/bin/sh\nkill -9 $PPID; sleep 5\n");
    Files.setPosixFilePermissions(killer, PosixFilePermissions.fromString("rwx------"));
    return repmgr(cluster, "-switchover=keep", "-pre-failover-script=" + killer);
  }

  private Pty console(LabCluster cluster) throws IOException {
    return repmgr(cluster);
  }

  private Pty repmgr(LabCluster cluster, String... act) throws IOException {
    List<String> words = new ArrayList<>(flags(cluster));
    words.addAll(List.of(act));
    return Pty.start(folder, 80, 24, Map.of("TERM", "xterm"), words);
  }

  private List<String> flags(LabCluster cluster) throws IOException {
    return List.of(
        "dev.regent.cli.repmgr.Main",
        "-hosts="
            + cluster.servers().stream().map(LabServer::address).collect(Collectors.joining(",")),
        "-user=@" + login("admin", cluster.accounts().regent()),
        "-rpluser=@" + login("replication", cluster.accounts().repl()),
        "-state-dir=" + folder.resolve("state"));
  }

  private Path login(String name, Accounts.Account account) throws IOException {
    Path file = folder.resolve(name);
    if (Files.exists(file)) {
      return file;
    }
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, account.user() + ":" + account.password() + "\n");
  }
}
