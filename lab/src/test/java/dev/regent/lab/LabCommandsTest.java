package dev.regent.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.Leftovers;
import dev.regent.lab.command.LabStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("real")
class LabCommandsTest {
  @TempDir private Path state;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void down() {
    run("lab", "down");
  }

  @Test
  void aLabsLife() throws IOException {
    assertThat(run("lab", "up", "--servers", "2", "--version", "10.11")).isZero();
    assertThat(taken(out)).contains("MariaDB 10.11.5", "server1", "replica of server1");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(state.resolve("lab/passwords/regent"))))
        .isEqualTo("rw-------");
    Path folder = Path.of(status().get("folder").asString());

    assertThat(run("lab", "sql", "server1", "INSERT INTO shop.orders VALUES (1,1,1,'x')")).isZero();
    assertThat(run("lab", "sql", "--user", "app", "server1", "SELECT payload FROM shop.orders"))
        .isZero();
    assertThat(taken(out)).contains("| payload |\n", "1 row in set");
    assertThat(run("lab", "sql", "server1", "SELECT 1; NONSENSE; SELECT 2")).isEqualTo(1);
    assertThat(taken(err)).contains("ERROR 1064 (42000)");

    assertThat(run("lab", "kill", "server1")).isZero();
    assertThat(run("lab", "freeze", "server2")).isZero();
    assertThat(processes()).isEqualTo("gone frozen");
    assertThat(run("lab", "thaw", "server2")).isZero();
    assertThat(run("lab", "start", "server1", "--", "--max-connections=77")).isZero();
    assertThat(processes()).isEqualTo("running running");
    assertThat(status().get("servers").get(0).get("access").asString()).isEqualTo("read-only");
    assertThat(run("lab", "sql", "server1", "SELECT @@max_connections")).isZero();
    assertThat(taken(out)).contains("| 77 ");

    assertThat(run("lab", "down")).isZero();
    assertThat(Leftovers.processesOf(folder)).isEmpty();
    assertThat(folder).doesNotExist();
    assertThat(Leftovers.filesIn(state)).isEmpty();
  }

  @Test
  void mistakesAreAnsweredWithWhatToDo() {
    assertThat(run("lab", "status")).isEqualTo(1);
    assertThat(taken(err))
        .isEqualTo("regent lab: There is no lab named \"lab\"; start one with the command up.\n");
    assertThat(run("lab", "up", "--servers", "0")).isEqualTo(1);
    assertThat(taken(err)).contains("servers is 0, not 1 to 20");
    assertThat(run("lab", "up", "--servers", "1")).isZero();
    assertThat(run("lab", "up", "--servers", "1")).isEqualTo(1);
    assertThat(taken(err)).contains("is there already", "another --name");
    assertThat(run("lab", "kill", "server7")).isEqualTo(1);
    assertThat(taken(err)).contains("Its servers: server1");
    assertThat(run("lab", "thaw", "server1")).isZero();
    assertThat(run("lab", "stop", "server1")).isZero();
    assertThat(run("lab", "stop", "server1")).isEqualTo(1);
    assertThat(taken(err)).contains("server1 is not running");
    assertThat(run("lab", "sql", "server1", "SELECT 1")).isEqualTo(1);
    assertThat(taken(err)).contains("Cannot log in to server1", "its process is gone");
  }

  @Test
  void everyCommandHasHelp() {
    CommandLine regent = Main.commands(new LabStore(state));
    Objects.requireNonNull(regent.getSubcommands().get("lab"))
        .getSubcommands()
        .forEach((name, command) -> {
          assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
          assertThat(run("lab", name, "--help")).as(name).isZero();
          assertThat(taken(out)).contains("Usage: regent lab " + name);
        });
    assertThat(run("lab", "nonsense")).isEqualTo(2);
  }

  private int run(String... arguments) {
    return Main.commands(new LabStore(state))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private JsonNode status() {
    taken(out);
    assertThat(run("lab", "status", "--json")).isZero();
    return JsonMapper.builder().build().readTree(taken(out));
  }

  private String processes() {
    JsonNode servers = status().get("servers");
    return servers.get(0).get("process").asString()
        + " "
        + servers.get(1).get("process").asString();
  }

  private static String taken(StringWriter writer) {
    String text = writer.toString();
    writer.getBuffer().setLength(0);
    return text;
  }
}
