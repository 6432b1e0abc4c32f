package dev.regent.lab.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.daemon.RegentDaemon;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** On one managed cluster. The story comes to its end with every server back. */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TopTest {
  private static final String DOWN = "\033[B";
  private static final String ENTER = "\r";

  @TempDir private Path folder;
  private LabCluster cluster;
  private RegentDaemon daemon;

  @BeforeAll
  void manage() {
    cluster = LabCluster.start(LabOptions.of(3));
    daemon = RegentDaemon.start(cluster, DaemonOptions.of("safe"));
  }

  @AfterAll
  void end() {
    daemon.close();
    cluster.close();
  }

  @Test
  void aDayOnATerminal() throws Exception {
    try (Pty pty = top(Map.of("TERM", "xterm-256color"))) {
      pty.sees(
          " healthy  safe, automatic failover", "primary   server1", "loss-free failover: yes");
      assertThat(pty.seen().lines()).hasSize(24);

      pty.resize(120, 40);
      pty.sees("SOURCE", "GTID", "q quit");
      assertThat(pty.seen().lines()).hasSize(40);
      pty.resize(80, 24);
      pty.until("the small screen", s -> !s.contains("GTID") && s.contains("q quit"));

      pty.type("s" + DOWN + ENTER);
      pty.sees("Plan: switchover to server2", "switch over from server1 to server2", "[y/N]");
      // A terminal's late answer has a y in it, and so has nobody typed one.
      pty.type("\033[?2026;2$y\033[15~Q");
      pty.type("n");
      pty.until("the plan is closed", s -> s.contains("-- events") && !s.contains("Plan:"));
      assertThat(primary()).isEqualTo("server1");

      pty.type("s" + DOWN + ENTER);
      pty.sees("Do this? [y/N]").type("y");
      pty.sees("switchover to server2: done", "primary   server2");
      pty.type(ENTER);
      assertThat(primary()).isEqualTo("server2");

      pty.sees("-- events").type(DOWN + DOWN + "m");
      pty.sees("maintenance of server3", "neither promoted nor repaired").type("y");
      pty.sees("maintenance of server3: done").type(ENTER);
      pty.sees("-- events", "maintenance by").type("m");
      pty.sees("end of maintenance of server3").type("y");
      pty.sees("end of maintenance of server3: done").type(ENTER);

      cluster.server(2).kill();
      pty.sees("NOT HEALTHY", "server2", "connection refused", "epoch 3");
      pty.until(
          "another primary",
          s -> s.contains("primary   server1") || s.contains("primary   server3"));
      cluster.server(2).start().awaitReady();
      pty.sees("loss-free failover: yes");

      daemon.kill();
      pty.sees("NOT CONNECTED", "what is below was seen", "no daemon answers", "loss-free");
      daemon.restart();
      pty.until("connected again", s -> !s.contains("NOT CONNECTED") && !s.contains("lost "));

      pty.type("q");
      pty.ended(0);
      assertThat(pty.sent())
          .contains("\033[?1049h", "\033[?1049l")
          .doesNotContain("WARNING")
          .as("the terminal is not asked anything")
          .doesNotContain("$p", "\033[c");
    }
  }

  @Test
  void endedFromOutsideItLeavesTheTerminalAsItWas() throws Exception {
    try (Pty pty = top(Map.of("TERM", "xterm"))) {
      pty.sees("server1", "q quit");
      pty.terminate();
      pty.ended(143);
      String last = pty.sent().substring(pty.sent().lastIndexOf("\033[?1049h"));
      assertThat(last).contains("\033[?25h", "\033[?1049l");
    }
  }

  @Test
  void terminalsThatCanDoLess() throws Exception {
    List<Pty> open = new ArrayList<>();
    try {
      Pty black = top(Map.of("TERM", "xterm-256color", "NO_COLOR", "1"));
      open.add(black);
      Pty old = top(Map.of("TERM", "vt100"));
      open.add(old);
      Pty typewriter = top(Map.of("TERM", "dumb"));
      open.add(typewriter);
      for (Pty pty : open) {
        pty.sees("server1", "server3", "q quit");
        pty.type("q");
        pty.ended(0);
        // Colours are SGR 30 to 37 and 90 to 97.
        assertThat(pty.sent()).doesNotContainPattern("\033\\[([0-9;]*;)?[39][0-7](;[0-9;]*)?m");
      }
      assertThat(typewriter.sent()).doesNotContain("\033");
    } finally {
      open.forEach(Pty::close);
    }
  }

  private Pty top(Map<String, String> environment) {
    return Pty.start(
        folder,
        80,
        24,
        environment,
        List.of("dev.regent.cli.Main", "top", "--socket", daemon.socket().toString()));
  }

  private String primary() throws Exception {
    String json = daemon.client().run("status", "\"json\":true").text();
    return json.replaceAll(
        "(?s).*\"routing\":\\{\"epoch\":[0-9]+,\"primary\":\"([^\"]*)\".*", "$1");
  }
}
