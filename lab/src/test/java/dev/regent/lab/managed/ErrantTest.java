package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.shyiko.mysql.binlog.BinaryLogFileReader;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventType;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.daemon.DaemonOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("real")
class ErrantTest {
  private static final Pattern FILE = Pattern.compile("\"file\":\"([^\"]+\\.binlog)\"");

  @Test
  void transactionsOfOneServerAloneAreSavedAndTheServerIsHeldOut() throws IOException {
    try (Managed managed = Managed.start(3, "async")) {
      managed.follows(3, 1);
      managed
          .server(3)
          .execute(
              "INSERT INTO shop.orders VALUES (7001, 0, 1, 'only here')",
              "UPDATE shop.orders SET payload='changed here' WHERE id=7001");
      managed.eventually(
          "server3 is held out", () -> managed.events().contains("server3 is held out"));
      assertThat(managed.diagnoses()).contains("Quarantined");
      Matcher file = FILE.matcher(managed.json());
      assertThat(file.find()).isTrue();
      Path log = Path.of(file.group(1));
      assertThat(Files.readAllBytes(log)).startsWith(0xfe, 'b', 'i', 'n');
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
          .isEqualTo("rw-------");
      Path words = Path.of(log.toString().replace(".binlog", ".txt"));
      assertThat(Files.readString(words))
          .contains("insert (7001, 0, 1, only here)")
          .contains("to (7001, 0, 1, changed here)")
          .contains("0-3-");
      assertThat(managed.order("rejoin", "\"server\":\"server3\"").exit()).isEqualTo(3);
    }
  }

  /** However the server writes its log: compressed, without checksums, in several files. */
  @ParameterizedTest
  @ValueSource(strings = {"log_bin_compress=1", "binlog_checksum=NONE"})
  void savedWhateverTheLogLooksLike(String config) throws IOException {
    boolean compressed = config.contains("compress");
    String[] lines = {config, "log_bin_compress_min_len=10"};
    try (Managed managed =
        Managed.start(LabOptions.of(3).withConfig(lines), DaemonOptions.of("async"))) {
      managed.follows(3, 1);
      managed.daemon().stop();
      managed
          .server(3)
          .execute(
              "INSERT INTO shop.orders VALUES (7001, 0, 1, 'first, only here, only here')",
              "FLUSH BINARY LOGS",
              "INSERT INTO shop.orders VALUES (7002, 0, 1, 'second, only here, only here')",
              "CREATE TABLE shop.more (id INT PRIMARY KEY COMMENT 'third, only here, only here')");
      managed.restartDaemon();
      managed.eventually(
          "server3 is held out", () -> managed.events().contains("server3 is held out"));
      Matcher file = FILE.matcher(managed.json());
      assertThat(file.find()).as(managed.events()).isTrue();
      Path log = Path.of(file.group(1));
      assertThat(managed.events()).contains("3 transactions");
      String words = Files.readString(Path.of(log.toString().replace(".binlog", ".txt")));
      assertThat(words)
          .contains("first", "second", compressed ? "# compressed, or not known" : "third");
      assertThat(transactionsIn(log)).isEqualTo(3);
    }
  }

  /**
   * As a full disk leaves it: the server says where it is torn, and that is no reason to give up.
   */
  @Test
  void savedFromALogThatIsTornBehindThem() throws IOException {
    try (Managed managed = Managed.start(3, "async")) {
      managed.follows(3, 1);
      LabServer server = managed.server(3);
      managed.daemon().stop();
      server.execute("INSERT INTO shop.orders VALUES (7001, 0, 1, 'only here')");
      String file = server.rows("SHOW BINARY LOGS").getLast().getOrDefault("Log_name", "");
      server.kill();
      server.awaitGone();
      tear(server.place().data().resolve(file));
      server.start().awaitReady();
      managed.restartDaemon();
      managed.eventually(
          "server3 is held out", () -> managed.events().contains("server3 is held out"));
      Matcher saved = FILE.matcher(managed.json());
      assertThat(saved.find()).as(managed.events()).isTrue();
      assertThat(transactionsIn(Path.of(saved.group(1)))).isEqualTo(1);
    }
  }

  /** The beginning of an event that never got in whole: its header says that it is 1000 bytes. */
  private static void tear(Path log) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(19).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(0).put((byte) 2).putInt(3).putInt(1_000).putInt(0).putShort((short) 0);
    Files.write(log, header.array(), StandardOpenOption.APPEND);
  }

  /** What another reader finds in the saved log, from its first byte to its last. */
  private static int transactionsIn(Path log) throws IOException {
    int transactions = 0;
    try (BinaryLogFileReader reader = new BinaryLogFileReader(log.toFile())) {
      for (Event event = reader.readEvent(); event != null; event = reader.readEvent()) {
        transactions += event.getHeader().getEventType() == EventType.MARIADB_GTID ? 1 : 0;
      }
    }
    return transactions;
  }
}
