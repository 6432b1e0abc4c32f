package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.arena.Arena;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.machine.Ports;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that only commit transactions, while primaries die: none of them ever hears a doubt. */
@Tag("real")
class DecidedCommitProxyTest {
  private static final int CLIENTS = 12;
  private static final int DEATHS = 4;

  private final AtomicLongArray committed = new AtomicLongArray(CLIENTS);
  private final AtomicBoolean over = new AtomicBoolean();
  private final Queue<String> heard = new ConcurrentLinkedQueue<>();

  @Test
  void eachCommitIsCountedOnceThoughItsPrimaryDies() throws Exception {
    LabCluster cluster = LabCluster.start(LabOptions.of(3));
    int port = Ports.reserve(cluster.folder());
    DaemonOptions options =
        DaemonOptions.of("safe")
            .with("[listener]", "port = " + port)
            .with("[listener]", "commit_token = \"shop.commit_token\"")
            // The deaths of this test are meant, and not to be damped.
            .with("flapping", "limit = 10")
            .with("flapping", "cool_down = \"0s\"");
    try (Managed managed = Managed.over(cluster, options)) {
      managed.safeNow();
      prepare(cluster);
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        clients.add(Thread.ofVirtual().start(() -> work(cluster, port, client)));
      }
      for (int death = 0; death < DEATHS; death++) {
        goOn(managed);
        int primary = managed.writableServers().getFirst();
        managed.server(primary).kill();
        boolean atOnce = death % 2 == 1;
        if (atOnce) {
          // As systemd does: it is there before anybody else leads, without what it lost.
          comesBack(managed.server(primary));
        }
        goOn(managed);
        if (!atOnce) {
          comesBack(managed.server(primary));
        }
        managed.safeNow();
      }
      over.set(true);
      for (Thread client : clients) {
        client.join();
      }
      assertThat(heard).isEmpty();
      assertThat(counted(managed)).isEqualTo(committed());
      managed.eventually("some were in doubt", () -> decided(managed));
    }
  }

  /** Without what no replica has acknowledged, as docs/doctor.md wants it for profile safe. */
  private static void comesBack(LabServer server) {
    Arena.start(server, "--init-rpl-role=SLAVE");
  }

  private static boolean decided(Managed managed) {
    String counters = managed.order("sessions", "\"counters\":true").text();
    return counters.contains("outcome=\"committed\"")
        || counters.contains("outcome=\"rolled back\"");
  }

  private static void prepare(LabCluster cluster) {
    cluster
        .server(1)
        .execute(
            "CREATE TABLE shop.commit_token (session CHAR(40) CHARACTER SET ascii PRIMARY KEY,"
                + " number BIGINT UNSIGNED NOT NULL, at TIMESTAMP NOT NULL DEFAULT"
                + " CURRENT_TIMESTAMP, KEY (at)) ENGINE=InnoDB");
    cluster.server(1).execute("CREATE TABLE shop.counted (client INT PRIMARY KEY, n BIGINT)");
    for (int i = 0; i < CLIENTS; i++) {
      cluster.server(1).execute("INSERT INTO shop.counted VALUES (" + i + ", 0)");
    }
  }

  private void work(LabCluster cluster, int port, int client) {
    try (Connection connection = connect(cluster, port);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(client % 2 == 0);
      while (!over.get()) {
        if (client % 2 == 0) {
          statement.execute("BEGIN");
        }
        statement.execute("UPDATE counted SET n = n + 1 WHERE client = " + client);
        statement.execute("COMMIT");
        committed.incrementAndGet(client);
      }
    } catch (SQLException e) {
      heard.add(e.getErrorCode() + " " + e.getSQLState() + " " + e.getMessage());
    }
  }

  /** Until every client has committed some more. */
  private void goOn(Managed managed) {
    List<Long> before = committed();
    managed.eventually(
        "all go on",
        () -> {
          for (int i = 0; i < CLIENTS; i++) {
            if (heard.isEmpty() && committed.get(i) < before.get(i) + 5) {
              return false;
            }
          }
          return true;
        });
  }

  private List<Long> committed() {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      all.add(committed.get(i));
    }
    return all;
  }

  /** At the primary: what other sessions have written a replica may not have yet. */
  private static List<Long> counted(Managed managed) {
    LabServer primary = managed.server(managed.writableServers().getFirst());
    String all =
        primary.value("SELECT GROUP_CONCAT(n ORDER BY client SEPARATOR ' ') FROM shop.counted");
    return Stream.of(all.split(" ")).map(Long::valueOf).toList();
  }

  private static Connection connect(LabCluster cluster, int port) throws SQLException {
    return Logins.login(port, cluster.accounts().app(), "shop", "sslMode=disable");
  }
}
