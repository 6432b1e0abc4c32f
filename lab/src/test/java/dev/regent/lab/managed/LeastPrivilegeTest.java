package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.cluster.Sql;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.server.checkup.Privileges;
import dev.regent.server.checkup.Release;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An account that may do what the doctor asks for, and nothing else, is enough for everything. */
@Tag("real")
class LeastPrivilegeTest {

  @ParameterizedTest
  @ValueSource(strings = {"11.4", "10.11"})
  void failoverRejoinAndSwitchoverNeedNothingElse(String version) throws SQLException {
    LabCluster cluster = LabCluster.start(LabOptions.of(2).withVersion(version));
    for (LabServer server : cluster.servers()) {
      restrict(server, Release.parse(version));
    }
    try (Managed managed = Managed.over(cluster, DaemonOptions.of("available"))) {
      managed.follows(2, 1);
      managed.server(1).kill();
      managed.primaryIs(2);
      managed.server(1).start().awaitReady();
      managed.follows(1, 2);

      assertThat(managed.order("switchover", "\"to\":\"server1\"").text()).contains("server1");
      managed.primaryIs(1);
      managed.follows(2, 1);
      assertThat(managed.events()).doesNotContain("denied");
    }
  }

  private static void restrict(LabServer server, Release release) throws SQLException {
    List<String> sql = new ArrayList<>(List.of("SET SESSION sql_log_bin=0"));
    sql.add("REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'regent'@'%'");
    Privileges.statements(release, "regent", "repl").stream()
        .filter(s -> s.startsWith("GRANT"))
        .forEach(sql::add);
    try (Connection root = server.connect(server.accounts().root())) {
      Sql.execute(root, sql.toArray(String[]::new));
    }
  }
}
