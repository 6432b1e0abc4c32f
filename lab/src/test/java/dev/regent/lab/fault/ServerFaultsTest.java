package dev.regent.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.cluster.Sql;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.Mounts;
import dev.regent.lab.net.NeedsNamespaces;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults of a server and of those who look after it, each of them seen and taken back. */
@Tag("real")
@ExtendWith(NeedsNamespaces.class)
class ServerFaultsTest {
  private static final int SECOND = 1_000;

  /** What a page or two of a log hold. */
  private static final int WRITES_MAX = 300;

  private static LabCluster cluster;

  @BeforeAll
  static void start() {
    assertThat(Mounts.missing()).isEmpty();
    cluster = LabCluster.start(LabOptions.of(3).inNamespaces().withSemiSync().withDisk(64));
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  /** A commit that waits for room looks again after a minute at best: a restart is quicker. */
  @Test
  void fullDiskStopsWritesAndWithRoomTheServerRecovers() {
    try (LabCluster alone = LabCluster.start(LabOptions.of(1).withDisk(64));
        FullDisk disk = FullDisk.of(alone.primary())) {
      LabServer server = alone.primary();
      assertThat(disk.room()).isGreaterThan(1 << 20);
      disk.fill();
      assertThat(disk.room()).isZero();
      int written = 0;
      while (written < WRITES_MAX && isWritten(server, written + 1)) {
        written++;
      }
      assertThat(written).isLessThan(WRITES_MAX);
      assertThat(server.value("SELECT COUNT(*) FROM shop.orders")).isEqualTo("" + written);
      server.kill();
      disk.free();
      assertThat(disk.room()).isGreaterThan(1 << 20);
      server.start().awaitReady();
      assertThat(isWritten(server, 1_000)).isTrue();
      long rows = Long.parseLong(server.value("SELECT COUNT(*) FROM shop.orders"));
      // The one that was not answered may be there or not.
      assertThat(rows).isBetween(written + 1L, written + 2L);
    }
  }

  private static boolean isWritten(LabServer server, int id) {
    Account regent = server.accounts().regent();
    try (Connection connection = server.connect(regent, SECOND, 2 * SECOND)) {
      Sql.execute(connection, insert(id));
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private static String insert(int id) {
    return "INSERT INTO shop.orders VALUES (%d, 1, 1, REPEAT('x', 200))".formatted(id);
  }

  @Test
  void diskThatIsNotTheServersOwnIsNotFilled() {
    try (LabCluster plain = LabCluster.start(LabOptions.of(1))) {
      assertThatThrownBy(() -> FullDisk.of(plain.primary()))
          .isInstanceOf(LabException.class)
          .hasMessageContaining("no disk of its own");
    }
  }

  @Test
  void commitsHangUntilAcknowledgementsComeThrough() {
    LabServer primary = cluster.primary();
    try (HungCommits hung = HungCommits.on(primary, cluster)) {
      CompletableFuture<Boolean> commit = new CompletableFuture<>();
      Thread.ofVirtual()
          .name("commit")
          .start(() -> {
            primary.execute("INSERT INTO shop.orders VALUES (1, 1, 1, 'hangs')");
            commit.complete(true);
          });
      await().until(() -> cluster.server(2).value("SELECT COUNT(*) FROM shop.orders").equals("1"));
      await().during(Duration.ofMillis(500)).until(() -> !commit.isDone());
      hung.heal();
      await().until(commit::isDone);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tamperedSettingIsInForceUntilUndone(Tamper.Setting setting) {
    LabServer replica = cluster.server(3);
    Map<String, String> before = settings(replica);
    Tamper tamper = Tamper.with(replica, setting);
    boolean changed = !settings(replica).equals(before);
    assertThat(tamper.holds()).isTrue();
    tamper.undo();
    assertThat(settings(replica)).isEqualTo(before);
    // What a replica is like already cannot be made so.
    boolean alreadySo =
        setting == Tamper.Setting.SEMI_SYNC_OFF || setting == Tamper.Setting.READ_ONLY;
    assertThat(changed).isEqualTo(!alreadySo);
    assertThat(tamper.holds()).isEqualTo(alreadySo);
  }

  private static Map<String, String> settings(LabServer server) {
    return server
        .rows(
            """
            SELECT @@GLOBAL.rpl_semi_sync_master_enabled, @@GLOBAL.rpl_semi_sync_slave_enabled,
              @@GLOBAL.read_only, @@GLOBAL.gtid_strict_mode, @@GLOBAL.sync_binlog,
              @@GLOBAL.innodb_flush_log_at_trx_commit\
            """)
        .getFirst();
  }

  @Test
  void errantWriteIsWhereItWasWrittenAndNowhereElse() {
    try (LabCluster other = LabCluster.start(LabOptions.of(2))) {
      ErrantWrite errant = ErrantWrite.on(other.server(2), 1);
      assertThat(errant.isOn(other.server(2))).isTrue();
      assertThat(errant.isOn(other.primary())).isFalse();
      assertThat(other.server(2).value("SELECT @@gtid_binlog_pos")).startsWith("0-2-");
      assertThat(other.server(2).value("SELECT @@read_only")).isEqualTo("1");
    }
  }
}
