package dev.regent.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regent.lab.machine.LabException;
import dev.regent.lab.net.Host;
import dev.regent.lab.net.NeedsNamespaces;
import dev.regent.lab.net.Net;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("real")
@ExtendWith(NeedsNamespaces.class)
class NamespacesTest {
  private static final int MILLIS = 1_000;

  @Test
  void partiesMeetOverTheNetworkAndTheLabGetsInPastIt() throws SQLException {
    try (LabCluster cluster = LabCluster.start(LabOptions.of(2).inNamespaces().withTls())) {
      Net net = cluster.net().orElseThrow();
      LabServer primary = cluster.primary();
      assertThat(cluster.server(2).rows("SHOW ALL SLAVES STATUS").getFirst())
          .containsEntry("Master_Host", net.host("server1").address())
          .containsEntry("Master_SSL_Verify_Server_Cert", "Yes")
          .containsEntry("Slave_IO_Running", "Yes");
      assertThat(clientOf(primary, net.clients())).startsWith(net.clients().address() + ":");

      net.isolate(net.host("server1"));

      assertThatThrownBy(() -> clientOf(primary, net.clients())).isInstanceOf(SQLException.class);
      assertThat(primary.value("SELECT @@read_only")).isEqualTo("0");
    }
  }

  /** What the server takes this client for. */
  private static String clientOf(LabServer server, Host from) throws SQLException {
    Accounts.Account app = server.accounts().app();
    try (Connection connection = server.connectFrom(from, app, MILLIS, MILLIS)) {
      return Sql.value(
          connection, "SELECT HOST FROM information_schema.PROCESSLIST WHERE ID=CONNECTION_ID()");
    }
  }

  @Test
  void clusterOnThisMachinesOwnNetworkHasNoOther() {
    try (LabCluster cluster = LabCluster.start(LabOptions.of(1))) {
      assertThat(cluster.net()).isEmpty();
      assertThat(cluster.primary().address()).startsWith(ServerPlace.HOST + ":");
    }
  }

  @Test
  void diskThatIsTooSmallIsRefusedBeforeAnythingStarts() {
    assertThatThrownBy(() -> LabOptions.of(1).withDisk(10))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("too small");
  }
}
