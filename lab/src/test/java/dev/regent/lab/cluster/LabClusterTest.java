package dev.regent.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.Parallel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("real")
class LabClusterTest {

  @ParameterizedTest
  @ValueSource(strings = {"11.4", "10.11"})
  void startsPrimaryAndReplicasInStep(String version) throws SQLException {
    try (LabCluster cluster = LabCluster.start(LabOptions.of(3).withVersion(version))) {
      assertThat(cluster.primary().value("SELECT @@version")).startsWith(version + ".");
      assertThat(readOnly(cluster)).containsExactly("0", "1", "1");
      try (Connection app = cluster.primary().connect(cluster.accounts().app())) {
        Sql.execute(app, "INSERT INTO shop.orders VALUES (1, 1, 1, 'first')");
      }
      for (LabServer replica : cluster.replicas()) {
        cluster.awaitCaughtUp(replica, cluster.primary());
        assertThat(replica.value("SELECT payload FROM shop.orders")).isEqualTo("first");
      }
      // Two for the schema, one for the row; nothing that only one server has.
      assertThat(each(cluster, "SELECT @@gtid_binlog_state")).containsOnly("0-1-3");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"11.4", "10.11"})
  void appMayWriteRowsOfTheShopOnThePrimaryOnly(String version) throws SQLException {
    try (LabCluster cluster = LabCluster.start(LabOptions.of(2).withVersion(version));
        Connection atPrimary = cluster.server(1).connect(cluster.accounts().app());
        Connection atReplica = cluster.server(2).connect(cluster.accounts().app())) {
      assertThatThrownBy(() -> Sql.execute(atPrimary, "DROP TABLE shop.orders"))
          .hasMessageContaining("denied");
      assertThatThrownBy(() -> Sql.execute(atPrimary, "SET GLOBAL read_only=1"))
          .hasMessageContaining("denied");
      assertThatThrownBy(() -> Sql.execute(atReplica, "DELETE FROM shop.orders"))
          .hasMessageContaining("read-only");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"11.4", "10.11"})
  void tlsIsVerifiedByClientsAndReplicas(String version, @TempDir Path folder) {
    TlsFiles strangers = TlsFiles.create(folder, List.of(ServerPlace.HOST));
    LabOptions options = LabOptions.of(2).withVersion(version).withTls();
    try (LabCluster cluster = LabCluster.start(options)) {
      assertThat(cluster.primary().rows("SHOW STATUS LIKE 'Ssl_version'"))
          .allSatisfy(row -> assertThat(row.get("Value")).startsWith("TLSv1."));
      Map<String, String> status = cluster.server(2).rows("SHOW ALL SLAVES STATUS").getFirst();
      assertThat(status)
          .containsEntry("Master_SSL_Allowed", "Yes")
          .containsEntry("Master_SSL_Verify_Server_Cert", "Yes")
          .containsEntry("Slave_IO_Running", "Yes");
      LabServer trustingStrangers =
          new LabServer(
              cluster.primary().place(), new Access(cluster.accounts(), Optional.of(strangers)));
      assertThatThrownBy(() -> trustingStrangers.connect(cluster.accounts().regent()).close())
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void semiSyncWaitsForEveryReplicaThatIsAMember() {
    try (LabCluster cluster = LabCluster.start(LabOptions.of(3).withSemiSync())) {
      assertThat(status(cluster.primary(), "Rpl_semi_sync_master_status")).isEqualTo("ON");
      assertThat(status(cluster.primary(), "Rpl_semi_sync_master_clients")).isEqualTo("2");
      assertThat(cluster.server(2).value("SELECT @@rpl_semi_sync_master_enabled")).isEqualTo("0");
    }
  }

  @Test
  void twoClustersSideBySideKnowNothingOfEachOther() {
    List<LabCluster> clusters =
        Parallel.map(
            List.of("11.4", "10.11"),
            version -> LabCluster.start(LabOptions.of(2).withVersion(version)));
    try (LabCluster one = clusters.getFirst();
        LabCluster other = clusters.getLast()) {
      assertThat(one.folder()).isNotEqualTo(other.folder());
      assertThatThrownBy(() -> one.primary().connect(other.accounts().regent()).close())
          .hasMessageContaining("Access denied");
      one.primary().execute("INSERT INTO shop.orders VALUES (1, 1, 1, 'one')");
      assertThat(other.primary().value("SELECT COUNT(*) FROM shop.orders")).isEqualTo("0");
    }
  }

  @Test
  void closeLeavesNothing() {
    LabCluster cluster = LabCluster.start(LabOptions.of(2));
    Path folder = cluster.folder();
    assertThat(Leftovers.processesOf(folder)).hasSize(2);
    cluster.server(2).freeze();
    cluster.close();
    cluster.close();
    assertThat(Leftovers.processesOf(folder)).isEmpty();
    assertThat(folder).doesNotExist();
  }

  @Test
  void failedStartTellsWhyAndLeavesNothing() {
    String name = "mistake" + ProcessHandle.current().pid();
    LabOptions options = LabOptions.of(2).withName(name).withConfig("no_such_option=1");
    assertThatThrownBy(() -> LabCluster.start(options))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("did not start: its process ended")
        .hasMessageContaining("no_such_option");
    assertThat(Leftovers.filesIn(Path.of("/dev/shm")))
        .noneMatch(path -> path.toString().contains(name));
  }

  @Test
  void optionsReachTheServers() {
    LabOptions options =
        LabOptions.of(2)
            .withParallelThreads(2)
            .withHeartbeat(Duration.ofMillis(500))
            .withConfig("slave_net_timeout=7");
    try (LabCluster cluster = LabCluster.start(options)) {
      assertThat(each(cluster, "SELECT @@slave_parallel_threads")).containsOnly("2");
      assertThat(each(cluster, "SELECT @@slave_net_timeout")).containsOnly("7");
      assertThat(status(cluster.server(2), "Slave_heartbeat_period")).isEqualTo("0.500");
    }
  }

  private static List<String> readOnly(LabCluster cluster) {
    return each(cluster, "SELECT @@read_only");
  }

  private static List<String> each(LabCluster cluster, String query) {
    return cluster.servers().stream().map(server -> server.value(query)).toList();
  }

  private static String status(LabServer server, String name) {
    return server
        .rows("SHOW GLOBAL STATUS LIKE '" + name + "'")
        .getFirst()
        .getOrDefault("Value", "");
  }
}
