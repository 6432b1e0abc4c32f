package dev.regent.lab.managed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.daemon.DaemonOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster whose failover is a script's work, and {@code maxadmin} beside it: one cluster, one
 * story, since what matters is how one thing follows from the other.
 */
@Tag("real")
class ScriptsTest {
  private static final Pattern CHANGED =
      Pattern.compile("Server changed state: (\\w+)\\[(\\S+)]: (\\w+)\\.");

  @TempDir Path folder;

  @Test
  void scriptFailsOverAndRegentAdoptsWhatItDid() throws Exception {
    int port = freePort();
    script("");
    DaemonOptions options =
        DaemonOptions.of("available")
            .with("events", "script = \"" + folder.resolve("failover.sh") + " -v\"")
            .with("events", "failover = \"script\"")
            .with("events", "timeout = \"5s\"")
            .with("maxadmin", "port = " + port)
            .with("maxadmin", "password = \"mariadb\"");
    try (Managed managed = Managed.start(LabOptions.of(3), options)) {
      managed.follows(2, 1);
      managed.follows(3, 1);
      failingScriptChangesNothing(managed);
      peopleGiveTheRoleBack(managed);
      scriptPromotesBySql(managed);
      oldPrimaryJoinsAgain(managed, port);
      hungScriptIsEndedAndTheOthersFollow(managed);
    }
  }

  private void failingScriptChangesNothing(Managed managed) {
    script("case $2 in *=master_down) echo no candidate >&2; exit 3;; esac");
    long epoch = managed.feed().epoch();
    managed.server(1).stop();
    String nodes = address(managed, 1) + "," + address(managed, 2) + "," + address(managed, 3);
    managed.eventually(
        "the script is called for the orderly stop",
        () ->
            calls()
                .contains(
                    "-v --event=master_down --initiator="
                        + address(managed, 1)
                        + " --nodelist="
                        + nodes));
    managed.eventually(
        "its failure is told",
        () ->
            managed
                .events()
                .matches(
                    "(?s).*the script for master_down of server1 ended with exit code 3 after"
                        + " \\d+ ms: no candidate.*"));
    managed.eventually(
        "the hold names the mode",
        () ->
            managed
                .order("explain", "")
                .text()
                .replaceAll("\\s+", " ")
                .contains("failover = \"script\": the script is to act on master_down"));
    managed.throughout(
        Duration.ofSeconds(1),
        "nobody is promoted",
        () -> managed.feed().epoch() == epoch && managed.writableServers().isEmpty());
  }

  private void peopleGiveTheRoleBack(Managed managed) {
    managed.server(1).start();
    managed.diagnosed("PrimaryRestarted");
    managed.eventually("an order works", () -> managed.order("failover", "").exit() == 0);
    managed.primaryIs(1);
    managed.follows(2, 1);
    managed.follows(3, 1);
    managed.eventually("new_master", () -> called("new_master", address(managed, 1)));
  }

  /** What it sends is sent by the hands of this test, while the script waits. */
  private void scriptPromotesBySql(Managed managed) {
    script("case $2 in *=master_down) touch ask; until [ -e done ]; do sleep 0.05; done;; esac");
    long epoch = managed.feed().epoch();
    managed.server(1).kill();
    managed.eventually("the script is called", () -> Files.exists(folder.resolve("ask")));
    managed.server(2).execute("STOP SLAVE", "RESET SLAVE ALL", "SET GLOBAL read_only=0");
    managed
        .server(3)
        .execute(
            "STOP SLAVE",
            "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=" + managed.server(2).port(),
            "START SLAVE");
    touch("done");
    managed.primaryIs(2);
    managed.follows(3, 2);
    assertThat(managed.feed().epoch()).isGreaterThan(epoch);
    assertThat(managed.events())
        .contains("the role went from server1 to server2, and it was not Regent");
    managed.eventually("new_master", () -> called("new_master", address(managed, 2)));
    assertThat(managed.server(2).value("SELECT MAX(epoch) FROM regent.reign"))
        .isEqualTo("" + managed.feed().epoch());
    assertThat(managed.writableServers()).containsExactly(2);
  }

  private void oldPrimaryJoinsAgain(Managed managed, int port) throws Exception {
    managed.server(1).start();
    managed.follows(1, 2);
    managed.eventually("new_slave", () -> called("new_slave", address(managed, 1)));
    String ours = cli("maxadmin", "-S", managed.daemon().socket().toString(), "show servers");
    assertThat(ours)
        .matches(
            "(?s)Server 0x1b1f440 \\(server1\\)\n\tServer:\t\t\t\t127.0.0.1\n"
                + "\tStatus:               \t\tSlave, Running\n.*"
                + "\\(server2\\)\n\tServer:\t\t\t\t127.0.0.1\n"
                + "\tStatus:               \t\tMaster, Running\n.*");
    assertThat(oldClient(port, "show servers")).isEqualTo("OK----" + ours + "OK");
    assertThat(cli("maxadmin", "-P", "" + port, "-pmariadb", "show servers")).isEqualTo(ours);
    assertThat(oldClient(port, "set server server3 maintenance")).isEqualTo("OK----OK");
    assertThat(cli("maxadmin", "-P", "" + port, "-pmariadb", "list", "servers"))
        .contains("| Maintenance, Slave, Running\n");
    assertThat(oldClient(port, "clear server server3 maintenance")).isEqualTo("OK----OK");
  }

  private void hungScriptIsEndedAndTheOthersFollow(Managed managed) throws IOException {
    script("case $2 in *=slave_down) sleep 600;; esac");
    managed.server(3).stop();
    managed.eventually("slave_down", () -> called("slave_down", address(managed, 3)));
    managed.server(3).start();
    managed.follows(3, 2);
    managed.eventually(
        "the hung script is ended",
        () ->
            managed
                .events()
                .contains("the script for slave_down of server3 was ended at its timeout"));
    managed.eventually(
        "it is a replica again, and told as one",
        () -> called("new_slave", address(managed, 3)) || called("slave_up", address(managed, 3)));
    List<String> told =
        CHANGED
            .matcher(Files.readString(managed.daemon().audit()))
            .results()
            .map(m -> m.group(3) + " " + m.group(2))
            .toList();
    managed.eventually("every event reached the script", () -> calls().size() >= told.size());
    assertThat(calls().subList(0, told.size()))
        .extracting(c -> c.replaceAll(".*--event=(\\S+) --initiator=(\\S+) .*", "$1 $2"))
        .isEqualTo(told);
  }

  // --- the script

  /** It notes how it was called, and goes on like this. */
  private void script(String then) {
    try {
      Path draft = folder.resolve("failover.part");
      Files.writeString(
          draft, "#!/bin/sh\ncd " + folder + "\necho \"$*\" >> calls\n" + then + "\n");
      Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwx------"));
      Files.move(draft, folder.resolve("failover.sh"), REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void touch(String file) {
    try {
      Files.createFile(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> calls() {
    try {
      Path calls = folder.resolve("calls");
      return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean called(String event, String initiator) {
    String call = "-v --event=" + event + " --initiator=" + initiator + " ";
    return calls().stream().anyMatch(c -> c.startsWith(call));
  }

  private static String address(Managed managed, int number) {
    return "127.0.0.1:" + managed.server(number).port();
  }

  // --- maxadmin

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  static String cli(String... words) throws IOException, InterruptedException {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.regent.cli.Main"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /** Writes what the client of 1.2 writes, and returns what it reads after the prompts. */
  private static String oldClient(int port, String command) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) Managed.PATIENCE.toMillis());
      assertThat(new String(socket.getInputStream().readNBytes(4), UTF_8)).isEqualTo("USER");
      socket.getOutputStream().write("admin".getBytes(UTF_8));
      assertThat(new String(socket.getInputStream().readNBytes(8), UTF_8)).isEqualTo("PASSWORD");
      socket.getOutputStream().write("mariadb".getBytes(UTF_8));
      StringBuilder said =
          new StringBuilder(new String(socket.getInputStream().readNBytes(6), UTF_8));
      socket.getOutputStream().write(command.getBytes(UTF_8));
      do {
        said.append(new String(socket.getInputStream().readNBytes(1), UTF_8));
      } while (!said.toString().endsWith("-OK") && !said.toString().endsWith("\nOK"));
      return said.toString();
    }
  }
}
