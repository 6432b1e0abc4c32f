package dev.regent.server.maxadmin;

import static dev.regent.server.render.Pictures.DB1;
import static dev.regent.server.render.Pictures.DB2;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.Observation.Kind;
import dev.regent.server.maxadmin.ServerRow.Connections;
import dev.regent.server.render.Pictures;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Byte for byte the listings of the how-to (their origin is told beside them). */
final class ServerListingTest {
  private static final String VERSION = "10.0.19-MariaDB-1~trusty-log";

  private static String golden(String name) throws IOException {
    try (InputStream in =
        ServerListingTest.class.getResourceAsStream("/maxadmin/show-servers-" + name + ".txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    }
  }

  private static ServerRow row(
      int number, String status, long source, List<Long> replicas, int depth, Connections of) {
    long[] handles = {0, 0x1b1f440, 0x1b1f330, 0x1a7b2c0};
    return new ServerRow(
        handles[number],
        "server" + number,
        "192.168.56.11" + number,
        3306,
        status,
        Optional.of(VERSION),
        number,
        source,
        replicas,
        depth,
        OptionalLong.empty(),
        of);
  }

  @Test
  void server3LeadsTheOthers() throws IOException {
    assertThat(
            ServerListing.of(
                List.of(
                    row(1, "Slave, Running", 3, List.of(), 1, new Connections(0, 0, 0)),
                    row(2, "Slave, Running", 3, List.of(), 1, new Connections(8, 1, 0)),
                    row(3, "Master, Running", -1, List.of(1L, 2L), 0, new Connections(2, 0, 0)))))
        .isEqualTo(golden("before"));
  }

  @Test
  void server2LeadsAndServer3IsDown() throws IOException {
    assertThat(
            ServerListing.of(
                List.of(
                    row(1, "Slave, Running", 2, List.of(), 1, new Connections(0, 0, 0)),
                    row(2, "Master, Running", -1, List.of(1L), 0, new Connections(8, 1, 0)),
                    row(3, "Down", -1, List.of(), 0, new Connections(2, 0, 0)))))
        .isEqualTo(golden("after"));
  }

  @Test
  void lagIsALineOfItsOwnWhereItIsWatched() {
    List<ServerRow> rows = ServerRow.of(Pictures.healthy().take(), true);
    assertThat(ServerListing.of(rows.getFirst())).doesNotContain("Slave delay");
    assertThat(ServerListing.of(rows.getLast()))
        .contains("\tRepl Depth:\t\t\t1\n\tSlave delay:\t\t12\n\tNumber of connections:\t\t0\n");
  }

  @Test
  void rowsAreReadFromThePicture() {
    List<ServerRow> rows = ServerRow.of(Pictures.healthy().take(), false);
    assertThat(rows).extracting(ServerRow::name).containsExactly("db1", "db2", "db3");
    assertThat(rows)
        .extracting(ServerRow::status)
        .containsExactly("Master, Running", "Slave, Running", "Slave, Running");
    assertThat(rows).extracting(ServerRow::depth).containsExactly(0, 1, 1);
    assertThat(rows.getFirst().sourceId()).isEqualTo(-1);
    assertThat(rows.getFirst().replicaIds()).hasSize(2);
    assertThat(rows.get(1).sourceId()).isEqualTo(rows.getFirst().nodeId());
    assertThat(rows).allMatch(r -> r.delaySeconds().isEmpty());
  }

  @Test
  void deadServerKeepsItsNodeAndVersionAndNothingElse() {
    ServerRow row =
        ServerRow.of(
                Pictures.healthy().missed(DB1, Kind.REFUSED, Duration.ofSeconds(9)).take(), false)
            .getFirst();
    assertThat(row.status()).isEqualTo("Down");
    assertThat(row.nodeId()).isEqualTo(1);
    assertThat(row.version()).contains("11.4.5-MariaDB-log");
    assertThat(row.sourceId()).isEqualTo(-1);
    assertThat(row.replicaIds()).isEmpty();
    assertThat(row.depth()).isZero();
    assertThat(
            ServerRow.of(
                    Pictures.healthy().missed(DB2, Kind.AUTH, Duration.ofSeconds(9)).take(), false)
                .get(1)
                .status())
        .isEqualTo("Auth Error, Down");
  }
}
