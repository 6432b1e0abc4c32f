package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.daemon.DaemonClient;
import dev.regent.lab.daemon.DaemonConfig;
import dev.regent.lab.daemon.DaemonOptions;
import dev.regent.lab.daemon.ManagerPlace;
import dev.regent.lab.daemon.PrimaryFeed;
import dev.regent.lab.machine.Ports;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One daemon serves two clusters: what happens to one is none of the other's business. */
@Tag("real")
class TwoClustersTest {
  @Test
  void failoverOfOneLeavesTheOtherAndItsClientsAlone() throws Exception {
    try (LabCluster blog = LabCluster.start(LabOptions.of(2).withName("blog"))) {
      int blogPort = Ports.reserve(blog.folder());
      ManagerPlace place = DaemonConfig.write(blog, options(blogPort));
      LabCluster shop = LabCluster.start(LabOptions.of(2).withName("shop"));
      int shopPort = Ports.reserve(shop.folder());
      try (Managed managed = Managed.over(shop, options(shopPort), List.of(place.config()));
          PrimaryFeed feed = new PrimaryFeed(place.socket())) {
        managed.eventually("blog is adopted", () -> feed.get().isPresent());
        try (Connection reader = connect(blog, blogPort);
            Connection writer = connect(shop, shopPort)) {
          assertThat(portOf(reader)).isEqualTo(blog.server(1).port());
          shop.server(1).kill();
          managed.primaryIs(2);
          managed.eventually("the session moved", () -> portOf(writer) == shop.server(2).port());
          assertThat(portOf(reader)).isEqualTo(blog.server(1).port());
        }
        assertThat(feed.epoch()).isEqualTo(1);
        assertThat(feed.name()).contains("server1");
        assertThat(status(place)).contains("blog").doesNotContain("shop");
        assertThat(managed.daemon().stop()).isZero();
        assertThat(place.socket()).doesNotExist();
        assertThat(managed.daemon().socket()).doesNotExist();
      }
    }
  }

  private static DaemonOptions options(int port) {
    return DaemonOptions.of("async")
        .with("[listener]", "port = " + port)
        .with("[listener]", "kind = \"primary\"");
  }

  private static String status(ManagerPlace place) throws IOException {
    return new DaemonClient(place.socket()).run("status", "").text();
  }

  private static int portOf(Connection client) {
    try (Statement statement = client.createStatement();
        ResultSet row = statement.executeQuery("SELECT @@port")) {
      assertThat(row.next()).isTrue();
      return row.getInt(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static Connection connect(LabCluster cluster, int port) throws SQLException {
    return Logins.login(port, cluster.accounts().app(), "shop", "sslMode=disable");
  }
}
