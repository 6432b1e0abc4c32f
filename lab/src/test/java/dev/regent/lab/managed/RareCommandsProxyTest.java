package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands that change what a connection is, or that the client answers: at the server and here.
 */
@Tag("real")
class RareCommandsProxyTest {
  private static final Account OTHER = new Account("other", "second");
  private static final String STATE =
      "SELECT CONCAT_WS('|', CURRENT_USER(), DATABASE(), @@sql_mode, @v, @@lock_wait_timeout)";

  @TempDir Path temp;

  private static LabCluster cluster;
  private static SingleFront single;

  @BeforeAll
  static void start() throws IOException {
    cluster = LabCluster.start(LabOptions.of(1));
    cluster
        .primary()
        .execute(
            "CREATE USER other@'%' IDENTIFIED BY 'second'", "GRANT SELECT ON shop.* TO other@'%'");
    single = SingleFront.over(cluster);
  }

  @AfterAll
  static void stop() {
    single.close();
    cluster.close();
  }

  @Test
  void anotherUserBeginsAnewOnTheSameConnection() throws Exception {
    assertThat(changes(single.port())).isEqualTo(changes(cluster.primary().port()));
  }

  private static String changes(int port) throws Exception {
    try (RawClient client = new RawClient(port, app())) {
      StringBuilder said = new StringBuilder();
      client.query("SET @v = 7, sql_mode = 'ANSI', lock_wait_timeout = 19");
      said.append(client.query(STATE)).append('\n');
      said.append(client.changeUser(OTHER, "shop")).append('\n');
      said.append(client.query(STATE)).append('\n');
      said.append(client.changeUser(app(), "")).append('\n');
      said.append(client.query(STATE)).append('\n');
      said.append(client.changeUser(new Account("other", "wrong"), ""));
      assertThat(said.toString()).contains("other@%|shop").contains("1045");
      return said.toString();
    }
  }

  @Test
  void resetForgetsAllButUserAndDatabase() throws Exception {
    assertThat(resets(single.port())).isEqualTo(resets(cluster.primary().port()));
  }

  private static String resets(int port) throws Exception {
    try (RawClient client = new RawClient(port, app())) {
      client.query("USE shop");
      client.query("SET @v = 7, sql_mode = 'ANSI', lock_wait_timeout = 19");
      client.query("BEGIN");
      client.query("INSERT INTO orders VALUES (4000000, 400, 1, 'reset')");
      String said = client.reset() + "\n" + client.query(STATE);
      assertThat(client.query("SELECT COUNT(*) FROM orders WHERE client=400")).isEqualTo("0");
      assertThat(said).contains("app@%|shop").doesNotContain("ANSI").doesNotContain("|7|");
      return said;
    }
  }

  @Test
  void optionHoldsOnTheNextConnectionToo() throws Exception {
    String two = "DO 1; DO 2";
    try (RawClient client = new RawClient(single.port(), app())) {
      assertThat(client.query(two)).startsWith("1064 ");
      assertThat(client.setOption(0)).isEmpty();
      loseConnection(client);
      assertThat(client.query(two)).isEmpty();
      assertThat(client.more()).isEmpty();

      assertThat(client.setOption(1)).isEmpty();
      loseConnection(client);
      assertThat(client.query(two)).startsWith("1064 ");
    }
  }

  private static void loseConnection(RawClient client) throws Exception {
    String thread = client.query("SELECT CONNECTION_ID()");
    cluster.primary().execute("KILL CONNECTION " + thread);
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> client.query("SELECT CONNECTION_ID()"),
            now -> now.matches("\\d+") && !now.equals(thread));
  }

  @Test
  void fileOfTheClientIsLoaded() throws IOException, SQLException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 50_000; i++) {
      lines.append(5_000_000 + i).append("\t500\t").append(i).append("\tof a file\n");
    }
    Path file = Files.writeString(temp.resolve("orders.tsv"), lines);
    Path empty = Files.writeString(temp.resolve("empty.tsv"), "");
    try (Connection client =
            Logins.login(single.port(), app(), "shop", "sslMode=disable&allowLocalInfile=true");
        Statement statement = client.createStatement()) {
      String load = "LOAD DATA LOCAL INFILE '%s' INTO TABLE orders";
      assertThat(statement.executeUpdate(load.formatted(file))).isEqualTo(50_000);
      assertThat(statement.executeUpdate(load.formatted(empty))).isZero();
      try (ResultSet rows =
          statement.executeQuery("SELECT COUNT(*), SUM(seq) FROM orders WHERE client=500")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(50_000);
        assertThat(rows.getLong(2)).isEqualTo(49_999L * 25_000);
      }
    }
  }

  private static Account app() {
    return cluster.accounts().app();
  }
}
