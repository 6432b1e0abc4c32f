package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.proxy.seen.SessionView.Activity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A primary that was started again is closed, and may lack what it had acknowledged: clients that
 * come before the manager has looked do not read it.
 */
@Tag("real")
class ClosedPrimaryProxyTest {
  @ParameterizedTest
  @ValueSource(strings = {"11.4", "10.11"})
  void isWaitedForUntilItIsOpen(String version) throws Exception {
    try (LabCluster cluster = LabCluster.start(LabOptions.of(1).withVersion(version));
        SingleFront front = SingleFront.over(cluster)) {
      LabServer server = cluster.server(1);
      server.execute("CREATE TABLE shop.kept (n INT)", "INSERT INTO shop.kept VALUES (7)");
      server.execute("SET GLOBAL read_only=1");
      CompletableFuture<String> read = new CompletableFuture<>();
      Thread.ofVirtual().name("client").start(() -> read.complete(read(front, cluster)));
      await().until(() -> front.activities().contains(Activity.WAITING));
      assertThat(read).isNotDone();

      server.execute("SET GLOBAL read_only=0");
      assertThat(read.get(1, TimeUnit.MINUTES)).isEqualTo("7");
    }
  }

  private static String read(SingleFront front, LabCluster cluster) {
    try (Connection client =
            Logins.login(front.port(), cluster.accounts().app(), "shop", "sslMode=disable");
        Statement statement = client.createStatement();
        ResultSet rows = statement.executeQuery("SELECT n FROM kept")) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
