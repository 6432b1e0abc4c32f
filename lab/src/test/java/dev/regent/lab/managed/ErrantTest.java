package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

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
}
