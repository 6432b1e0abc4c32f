package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.server.connect.Tls;
import dev.regent.server.front.FrontSettings.Listener;
import dev.regent.server.front.FrontSettings.Room;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** More clients than there is room for, and clients that do not listen. */
@Tag("real")
class CrowdedProxyTest {
  private static LabCluster cluster;

  @BeforeAll
  static void start() {
    cluster = LabCluster.start(LabOptions.of(1));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void oneTooManyIsToldAndFindsRoomWhenSomebodyLeaves() throws IOException, SQLException {
    Listener two = SingleFront.PLAIN.with(new Room(2, 0, 16));
    try (SingleFront front = SingleFront.over(cluster, two, Tls.OFF)) {
      Connection first = Logins.login(front.port(), app(), "shop", "sslMode=disable");
      try (Connection second = Logins.login(front.port(), app(), "shop", "sslMode=disable")) {
        try (Socket third = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
          assertThat(new String(third.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
              .endsWith("Too many connections");
        }
        assertThat(Logins.refusal(front.port(), app(), "shop")).startsWith("1040 ");
        assertThat(second.isValid(1)).isTrue();
        first.close();
        await().until(() -> front.sessions() < 2);
        Logins.login(front.port(), app(), "shop", "sslMode=disable").close();
      }
    }
  }

  @Test
  void oneTooManyOfAUserIsToldLikeByAServerAndOthersComeIn() throws IOException, SQLException {
    Account root = cluster.accounts().root();
    try (SingleFront front =
        SingleFront.over(cluster, SingleFront.PLAIN.with(new Room(9, 1, 16)), Tls.OFF)) {
      Connection only = Logins.login(front.port(), app(), "shop", "sslMode=disable");
      assertThat(Logins.refusal(front.port(), app(), "shop"))
          .isEqualTo(
              "1203 42000 User "
                  + app().user()
                  + " already has more than 'max_user_connections' active connections");
      Logins.login(front.port(), root, "shop", "sslMode=disable").close();
      assertThat(only.isValid(1)).isTrue();
      only.close();
      await().until(() -> front.sessions() < 1);
      Logins.login(front.port(), app(), "shop", "sslMode=disable").close();
    }
  }

  @Test
  void clientThatTakesNothingIsCutOnceItsSessionIsOver() throws Exception {
    try (SingleFront front = SingleFront.over(cluster);
        RawClient deaf = new RawClient(front.port(), app())) {
      deaf.ask("SELECT REPEAT('x', 1000000) FROM shop.seq_1_to_500");
      await()
          .until(() ->
              cluster
                  .primary()
                  .value(
                      // Sent in a fraction of that to whoever takes it.
                      "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE User='app' AND"
                          + " Command='Query' AND State='Writing to net' AND TIME_MS > 2000")
                  .equals("1"));
      front.moveAway();

      await().until(() -> front.sessions() == 0);
    }
  }

  private static Account app() {
    return cluster.accounts().app();
  }
}
