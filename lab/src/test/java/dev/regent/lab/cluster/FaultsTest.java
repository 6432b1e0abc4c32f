package dev.regent.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.ServerProcess.State;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("real")
class FaultsTest {
  @RegisterExtension final ClusterExtension lab = ClusterExtension.with(LabOptions.of(2));

  @Test
  void killedServerComesBackWithItsDataReadOnlyAndIdle() {
    LabServer primary = lab.server(1);
    primary.execute("INSERT INTO shop.orders VALUES (7, 1, 1, 'kept')");
    String address = primary.address();

    primary.kill();
    primary.awaitGone();
    await().until(() -> ioState(lab.server(2)).equals("Connecting"));
    primary.start().awaitReady();

    assertThat(primary.address()).isEqualTo(address);
    assertThat(primary.value("SELECT payload FROM shop.orders")).isEqualTo("kept");
    assertThat(primary.value("SELECT @@read_only")).isEqualTo("1");
    await().until(() -> ioState(lab.server(2)).equals("Yes"));
  }

  @Test
  void stoppedReplicaComesBackAndReplicatesOnlyWhenTold() {
    LabServer replica = lab.server(2);
    replica.stop();
    assertThat(replica.state()).isEqualTo(State.GONE);
    assertThat(replica.logTail(1)).contains("Shutdown complete");

    replica.start().awaitReady();

    assertThat(ioState(replica)).isEqualTo("No");
    lab.cluster().follow(replica, ServerPlace.HOST, lab.server(1).port());
    assertThat(ioState(replica)).isEqualTo("Yes");
  }

  @Test
  void frozenServerIsSilentUntilItIsThawed() throws SQLException {
    LabServer replica = lab.server(2);
    long before = System.nanoTime();
    long moment = replica.freeze();
    assertThat(moment).isBetween(before, System.nanoTime());
    assertThat(replica.state()).isEqualTo(State.FROZEN);
    assertThatThrownBy(() -> replica.connect(lab.cluster().accounts().regent(), 500, 500).close())
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("time");

    replica.thaw();

    assertThat(replica.value("SELECT 1")).isEqualTo("1");
  }

  @Test
  void startTakesOptionsAndRefusesToStartTwice() {
    LabServer replica = lab.server(2);
    assertThatThrownBy(replica::start).hasMessageContaining("running already");
    replica.kill();
    // No wait: start itself waits for the killed process to be gone.
    replica.start("--sync-binlog=0").awaitReady();
    assertThat(replica.value("SELECT @@sync_binlog")).isEqualTo("0");
  }

  @Test
  void failedStatementNamesServerAndReasonButNoPassword() {
    assertThatThrownBy(
            () -> lab.server(2).execute("CHANGE MASTER TO MASTER_PASSWORD = 'secret', NONSENSE"))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("server2")
        .hasMessageContaining("NONSENSE")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
  }

  private static String ioState(LabServer replica) {
    return replica.rows("SHOW ALL SLAVES STATUS").getFirst().getOrDefault("Slave_IO_Running", "");
  }
}
