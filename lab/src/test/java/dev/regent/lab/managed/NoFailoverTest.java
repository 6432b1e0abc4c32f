package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.fault.TcpRelay;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A primary that lives is never failed over, whatever the manager can see of it. */
@Tag("real")
class NoFailoverTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(6);

  @Test
  void changedPasswordIsNoDeath() {
    try (Managed managed = Managed.start(3, "available")) {
      stopSqlThreads(managed);
      LabServer primary = managed.server(1);
      primary.execute("SET sql_log_bin=0", "ALTER USER 'regent'@'%' IDENTIFIED BY 'changed'");
      killSessionsOf(primary, "regent");
      staysPrimary(managed, "PrimaryLockedOut");
    }
  }

  @Test
  void tooManyConnectionsAreNoDeath() throws SQLException {
    try (Managed managed = Managed.start(3, "available")) {
      stopSqlThreads(managed);
      LabServer primary = managed.server(1);
      List<Connection> crowd = new ArrayList<>();
      primary.execute("SET GLOBAL max_connections=20");
      try {
        fill(managed, primary, crowd);
        killSessionsOf(primary, "regent");
        fill(managed, primary, crowd);
        staysPrimary(managed, "PrimaryLockedOut");
      } finally {
        for (Connection connection : crowd) {
          connection.close();
        }
      }
    }
  }

  private static void fill(Managed managed, LabServer primary, List<Connection> crowd) {
    for (int i = 0; i < 40; i++) {
      try {
        crowd.add(primary.connect(managed.cluster().accounts().app()));
      } catch (SQLException e) {
        return;
      }
    }
  }

  @Test
  void droppedTrafficOfTheManagerAloneIsNoDeath() {
    TcpRelay[] relay = new TcpRelay[1];
    try (Managed managed = Managed.behindRelay(LabOptions.of(3), "available", relay)) {
      stopSqlThreads(managed);
      relay[0].drop();
      staysPrimary(managed, "PrimaryHidden");
    }
  }

  /** The default heartbeat is 30 s: only a witness that reconnects can tell. */
  @Test
  void idleClusterWithSlowHeartbeatsAndOnlyOurPathCutIsNoDeath() {
    TcpRelay[] relay = new TcpRelay[1];
    try (Managed managed = Managed.behindRelay(LabOptions.of(3), "async", relay)) {
      relay[0].drop();
      managed.diagnosed("PrimaryHidden");
      managed.throughout(
          Duration.ofSeconds(60),
          "no failover in 60 s",
          () -> managed.feed().epoch() == 1 && managed.writable(1));
      assertThat(managed.writableServers()).containsExactly(1);
    }
  }

  private static void stopSqlThreads(Managed managed) {
    for (int i = 2; i <= 3; i++) {
      managed.server(i).execute("STOP SLAVE SQL_THREAD");
    }
    managed.diagnosed("ReplicaStopped");
  }

  private static void killSessionsOf(LabServer server, String user) {
    for (var row :
        server.rows("SELECT id FROM information_schema.processlist WHERE user='" + user + "'")) {
      try {
        server.execute("KILL CONNECTION " + row.values().iterator().next());
      } catch (RuntimeException e) {
        // It ended by itself in between.
      }
    }
  }

  private static void staysPrimary(Managed managed, String diagnosis) {
    managed.diagnosed(diagnosis);
    managed.throughout(
        LONG_ENOUGH,
        "no failover",
        () -> managed.feed().epoch() == 1 && managed.writableServers().equals(List.of(1)));
  }
}
