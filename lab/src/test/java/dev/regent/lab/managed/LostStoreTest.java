package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The manager's folder is gone, with all it knew; the servers still know who was there. */
@Tag("real")
class LostStoreTest {

  @Test
  void newManagerIsKeptOutUntilSomebodySaysThatTheOldOneIsGoneAndGoesOnAfterItsReigns()
      throws IOException {
    try (Managed managed = Managed.start(3, "available")) {
      managed.follows(2, 1);
      managed.follows(3, 1);
      assertThat(managed.order("switchover", "\"to\":\"server2\"").exit()).isZero();
      managed.follows(1, 2);
      managed.follows(3, 2);
      managed.daemon().kill();
      delete(Objects.requireNonNull(managed.daemon().audit().getParent()));

      managed.restartDaemon();

      managed.eventually(
          "it is kept out", () -> managed.events().contains("delete its row from regent_local"));
      assertThat(managed.diagnoses()).contains("AdoptablePrimary");
      for (int server : List.of(1, 2, 3)) {
        managed
            .server(server)
            .execute("SET SESSION sql_log_bin=0", "DELETE FROM regent_local.fence");
      }
      managed.eventually("the next epoch begins", () -> managed.feed().epoch() == 3);
      managed.primaryIs(2);
      assertThat(managed.order("switchover", "\"to\":\"server1\"").exit()).isZero();
      managed.primaryIs(1);
      assertThat(managed.feed().epoch()).isEqualTo(4);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
