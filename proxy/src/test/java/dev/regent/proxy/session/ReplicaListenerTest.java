package dev.regent.proxy.session;

import static dev.regent.proxy.session.Played.AUTOCOMMIT;
import static dev.regent.proxy.session.Played.DB1;
import static dev.regent.proxy.session.Played.DB2;
import static dev.regent.proxy.session.Played.DB3;
import static dev.regent.proxy.session.Played.framed;
import static dev.regent.proxy.session.Played.held;
import static dev.regent.proxy.session.Played.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.RoutingTable;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.MalformedPacketException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A session on a listener of replicas. */
class ReplicaListenerTest {
  @Test
  void everythingGoesToAReplica() {
    Played played = loggedIn(true, table(1, DB1, DB2, DB3));
    for (String sql : new String[] {"SELECT 1", "SET @a=1", "SELECT @a", "BEGIN"}) {
      played.query(sql);
      assertThat(played.toldText()).isEqualTo(sql);
      played.ok(AUTOCOMMIT);
    }

    assertThat(played.linked).containsExactly(DB2);
  }

  @Test
  void writeIsRefusedByTheReplicaItself() throws MalformedPacketException {
    Played played = loggedIn(true, table(1, DB1, DB2));
    played.query("INSERT INTO t VALUES (1)");
    played.server(
        framed(1, new Err(1290, "HY000", "running with the --read-only option").encode()));

    assertThat(played.error().code()).isEqualTo(1290);
    assertThat(played.hungUp).isFalse();
  }

  @Test
  void lostReplicaIsReplaced() {
    Played played = loggedIn(true, table(1, DB1, DB2, DB3));
    played.query("SELECT 1");
    played.loseServer();

    assertThat(played.linked).containsExactly(DB2, DB3);
  }

  @Test
  void withoutReplicasThePrimaryWillDo() {
    Played played = loggedIn(true, table(1, DB1));
    assertThat(played.linked).containsExactly(DB1);
    played.route(held(1, DB1));
    played.query("SELECT 1");
    assertThat(played.told()).as("not while writes are held").isEmpty();
    played.route(table(1, DB1, DB3));

    assertThat(played.linked).as("as soon as there is one").containsExactly(DB1, DB3);
  }

  @Test
  void withoutReplicasAndFallbackItWaitsAndIsTold() throws MalformedPacketException {
    Played played = loggedIn(false, table(1, DB1, DB2));
    played.route(table(1, DB1));
    played.said();
    played.query("SELECT 1");
    assertThat(played.linked).containsExactly(DB2);
    played.pass(Played.HOLD.plusSeconds(1));

    assertThat(played.error().message()).contains("No replica could be read from for 30.0 s");
    assertThat(played.hungUp).isFalse();
    played.route(table(1, DB1, DB3));
    played.query("SELECT 2");
    assertThat(played.linked).containsExactly(DB2, DB3);
  }

  @Test
  void replicaThatIsPromotedIsLeft() {
    Played played = loggedIn(false, table(1, DB1, DB2, DB3));
    played.route(table(2, DB2, DB3));
    played.query("SELECT 1");

    assertThat(played.linked).containsExactly(DB2, DB3);
  }

  @Test
  void whatCannotMoveEndsWithTheReplica() throws MalformedPacketException {
    Played played = loggedIn(true, table(1, DB1, DB2, DB3));
    played.query("SET @a=1");
    played.ok(AUTOCOMMIT);
    played.said();
    played.told();
    played.route(table(1, DB1, DB3));
    played.query("SELECT @a");
    assertThat(played.toldText()).as("it stays while it can").isEqualTo("SELECT @a");
    played.ok(AUTOCOMMIT);
    played.said();
    played.loseServer();
    played.query("SELECT @a");

    assertThat(played.error().code()).isEqualTo(1927);
    assertThat(played.hungUp).isTrue();
  }

  @Test
  void formerPrimaryIsLeftAtOnce() throws MalformedPacketException {
    Played played = loggedIn(true, table(1, DB1));
    played.query("SET @a=1");
    played.ok(AUTOCOMMIT);
    played.said();
    played.route(new RoutingTable(1, Optional.empty(), true, List.of()));
    played.told();
    played.query("INSERT INTO t VALUES (1)");
    assertThat(played.told()).as("it may be deposed").isEmpty();
    played.route(table(2, DB2, DB3));

    assertThat(played.error().code()).isEqualTo(1927);
    assertThat(played.servers()).isEmpty();
  }

  private static Played loggedIn(boolean fallback, RoutingTable table) {
    Settings.Reads reads =
        new Settings.Reads(
            "", OptionalLong.empty(), fallback, Settings.Causal.SESSION, Duration.ofSeconds(1));
    Played played =
        new Played(
            0,
            new Settings(
                Played.HOLD, Replaying.standard(), Door.PLAIN, Settings.Kind.REPLICA, reads),
            table);
    played.login("secret");
    played.serverLetsIn();
    played.said();
    return played;
  }
}
