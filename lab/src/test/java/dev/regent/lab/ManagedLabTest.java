package dev.regent.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.lab.cluster.Leftovers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the lab proposes to try is tried here, word for word. */
@Tag("real")
class ManagedLabTest {
  private static final Pattern FOLDER = Pattern.compile("(/\\S*/regent-lab-[A-Za-z0-9-]+)");

  @TempDir private Path state;

  @AfterEach
  void down() throws Exception {
    for (String name : List.of("lab", "demo")) {
      terminal().regent("lab down --name " + name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " --tls"})
  void labComesWithAConfigurationToManageIt(String options) throws Exception {
    Terminal.Ran up = terminal().regent("lab up --servers 2" + options);
    assertThat(up.exit()).as(up.said()).isZero();
    List<String> proposed = Terminal.proposed(up.said());
    assertThat(proposed).hasSize(3);
    Path config = Path.of(proposed.getFirst().replace("run -c ", ""));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config)))
        .isEqualTo("rw-------");
    assertThat(terminal().regent("config check -c " + config).exit()).isZero();

    Process daemon = terminal().start(proposed.getFirst());
    try {
      eventually(proposed.get(1), "go to server1 (epoch 1)");
      assertThat(terminal().regent(proposed.get(2)).exit()).isZero();
      eventually(proposed.get(1), "go to server2 (epoch 2)");

      Terminal.Ran down = terminal().regent("lab down");
      assertThat(down.said()).contains("is gone, with its 2 servers and their manager.");
      assertThat(daemon.waitFor(1, TimeUnit.SECONDS)).isTrue();
      assertThat(daemon.exitValue()).isZero();
      nothingIsLeftOf(up.said());
    } finally {
      daemon.destroyForcibly();
    }
  }

  @Test
  void keptDemoIsALabLikeAnyOther() throws Exception {
    Terminal.Ran demo = terminal().regent("demo --keep");
    assertThat(demo.exit()).as(demo.said()).isZero();
    assertThat(demo.said()).contains("All of it held.");
    List<String> proposed = Terminal.proposed(demo.said());
    assertThat(proposed).hasSize(8);
    String status = proposed.getFirst();
    Terminal.Ran again = terminal().regent("demo --keep");
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.said()).contains("A lab named \"demo\" is there already");
    for (String command : proposed) {
      Terminal.Ran ran = terminal().regent(command);
      assertThat(ran.exit()).as(command + "\n" + ran.said()).isZero();
      if (command.startsWith("lab start")) {
        eventually(status, "loss-free failover: yes");
      }
    }
    nothingIsLeftOf(demo.said());
  }

  private Terminal terminal() {
    return new Terminal(state);
  }

  private void eventually(String command, String words) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> regent(command), said -> said.contains(words));
  }

  private String regent(String command) {
    try {
      return terminal().regent(command).said();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static void nothingIsLeftOf(String said) {
    Matcher folder = FOLDER.matcher(said);
    assertThat(folder.find()).isTrue();
    assertThat(Path.of(folder.group(1))).doesNotExist();
    assertThat(Leftovers.processesOf(Path.of(folder.group(1)))).isEmpty();
  }
}
