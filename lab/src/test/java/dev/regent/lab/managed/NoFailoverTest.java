package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.fault.TcpRelay;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
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
      lockOut(managed, primary);
      staysPrimary(managed, "PrimaryLockedOut");
    }
  }

  @Test
  void tooManyConnectionsAreNoDeath() throws SQLException {
    try (Managed managed = Managed.start(3, "available")) {
      stopSqlThreads(managed);
      LabServer primary = managed.server(1);
      List<Connection> crowd = new ArrayList<>();
      var accounts = managed.cluster().accounts();
      try (Connection admin = primary.connect(accounts.root());
          Statement statement = admin.createStatement()) {
        statement.execute("SET GLOBAL max_connections=20");
        // The one place beyond the limit is for administrators: it must be taken too.
        managed.eventually(
            "nobody gets in any more",
            () -> {
              kill(statement);
              fill(primary, accounts.app(), crowd);
              fill(primary, accounts.root(), crowd);
              return managed.diagnoses().contains("PrimaryLockedOut");
            });
        staysPrimary(managed, "PrimaryLockedOut");
      } finally {
        for (Connection connection : crowd) {
          connection.close();
        }
      }
    }
  }

  private static void kill(Statement statement) {
    try {
      statement.execute("KILL CONNECTION USER 'regent'");
    } catch (SQLException e) {
      // Nobody of that name is connected.
    }
  }

  private static void fill(LabServer primary, Account account, List<Connection> crowd) {
    for (int i = 0; i < 40; i++) {
      try {
        crowd.add(primary.connect(account));
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

  /** As an administrator would: with an account that is not the manager's. */
  private static void lockOut(Managed managed, LabServer primary) {
    try (Connection root = primary.connect(managed.cluster().accounts().root());
        Statement statement = root.createStatement()) {
      statement.execute("SET sql_log_bin=0");
      statement.execute("ALTER USER 'regent'@'%' IDENTIFIED BY 'changed'");
      statement.execute("KILL CONNECTION USER 'regent'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void staysPrimary(Managed managed, String diagnosis) {
    managed.diagnosed(diagnosis);
    managed.throughout(
        LONG_ENOUGH,
        "no failover",
        () -> managed.feed().epoch() == 1 && !managed.writable(2) && !managed.writable(3));
  }
}
