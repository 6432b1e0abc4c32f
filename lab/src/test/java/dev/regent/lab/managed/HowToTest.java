package dev.regent.lab.managed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.demo.HowToScript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The how-to about automatic failover with MaxScale and {@code mariadb-repmgr}, executed: Regent in
 * place of both. Three servers, the third one primary; the monitor calls the how-to's script, the
 * script calls the tool, and {@code maxadmin} shows what came of it.
 */
@Tag("real")
class HowToTest {
  @TempDir Path folder;

  @Test
  void monitorScriptAndToolMoveTheRole() throws Exception {
    LabCluster cluster = LabCluster.start(LabOptions.of(3));
    Path home = Path.of("").toAbsolutePath().resolve("..").normalize();
    HowToScript script = HowToScript.write(folder, home, cluster.accounts());
    DaemonOptions options =
        DaemonOptions.of("async")
            .with("events", "script = \"" + script.file() + "\"")
            .with("events", "events = \"master_down\"")
            .with("events", "timeout = \"90s\"")
            .with("events", "failover = \"script\"");
    try (Managed managed = Managed.over(cluster, options)) {
      managed.follows(2, 1);
      managed.follows(3, 1);
      managed.eventually(
          "server3 is configured as the master",
          () -> managed.order("switchover", "\"to\":\"server3\"").exit() == 0);
      managed.primaryIs(3);
      managed.follows(1, 3);
      managed.follows(2, 3);
      assertThat(shown(managed, 3)).isEqualTo("Master, Running");
      String before = managed.server(3).value("SELECT @@gtid_binlog_pos");

      managed.server(3).stop();

      managed.eventually(
          "somebody took over",
          () -> List.of("server1", "server2").contains(managed.feed().name().orElse("")));
      int next = managed.feed().name().orElseThrow().equals("server1") ? 1 : 2;
      int other = 3 - next;
      managed.follows(other, next);
      assertThat(managed.writableServers()).containsExactly(next);
      assertThat(managed.server(next).value("SELECT @@gtid_binlog_state")).contains(before);
      assertThat(shown(managed, next)).isEqualTo("Master, Running");
      assertThat(shown(managed, other)).isEqualTo("Slave, Running");
      assertThat(shown(managed, 3)).isEqualTo("Down");
      assertThat(script.calls())
          .isEqualTo(
              "--event=master_down --initiator=%s --nodelist=%s"
                  .formatted(address(managed, 3), nodes(managed)));

      // The same event again, as from a second monitor: there is nothing left to do.
      long epoch = managed.feed().epoch();
      assertThat(again(managed)).contains("nothing to do");
      assertThat(managed.feed().epoch()).isEqualTo(epoch);

      // The step that the how-to left open.
      managed.server(3).start();
      managed.follows(3, next);
      assertThat(shown(managed, 3)).isEqualTo("Slave, Running");
    }
  }

  private String again(Managed managed) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                folder.resolve("failover.sh").toString(),
                "--event=master_down",
                "--initiator=" + address(managed, 3),
                "--nodelist=" + nodes(managed))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /** The status that {@code maxadmin "show servers"} has for it. */
  private static String shown(Managed managed, int number) throws Exception {
    String all =
        ScriptsTest.cli("maxadmin", "-S", managed.daemon().socket().toString(), "show servers");
    String from = all.substring(all.indexOf("(server" + number + ")"));
    String status = "\tStatus:               \t\t";
    String rest = from.substring(from.indexOf(status) + status.length());
    return rest.substring(0, rest.indexOf('\n'));
  }

  private static String nodes(Managed managed) {
    return address(managed, 1) + "," + address(managed, 2) + "," + address(managed, 3);
  }

  private static String address(Managed managed, int number) {
    return "127.0.0.1:" + managed.server(number).port();
  }
}
