package dev.regent.server.store;

import static dev.regent.server.store.Stories.DB1;
import static dev.regent.server.store.Stories.DB2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regent.core.control.ControlStore.StoreException;
import dev.regent.core.control.Ledger;
import dev.regent.core.model.ClusterRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalStoreTest {
  @TempDir Path temp;

  @Test
  void aNewStoreIsBlankAndPrivate() throws Exception {
    Path directory = temp.resolve("a/state");
    try (LocalStore store = LocalStore.open(directory)) {
      assertThat(store.state()).isEqualTo(ClusterRecord.blank());
    }
    assertThat(permissions(directory)).isEqualTo("rwx------");
    assertThat(permissions(directory.resolve("journal"))).isEqualTo("rw-------");
    assertThat(permissions(directory.resolve("lock"))).isEqualTo("rw-------");
  }

  @Test
  void aDirectoryThatOthersMayReadIsClosedToThem() throws Exception {
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    LocalStore.open(temp).close();
    assertThat(permissions(temp)).isEqualTo("rwx------");
  }

  @Test
  void remembersEverythingAcrossARestart() throws Exception {
    ClusterRecord before;
    try (LocalStore store = LocalStore.open(temp)) {
      store.append(Stories.office());
      store.append(Stories.reign(7, DB1));
      store.appendLazy(Stories.sighting(20));
      store.append(Stories.pause("migration \"Ä\"\n"));
      before = store.state();
    }
    assertThat(before.epoch()).isEqualTo(7);
    try (LocalStore store = LocalStore.open(temp)) {
      assertThat(store.state()).isEqualTo(before);
      store.append(Stories.office());
      assertThat(store.state().incarnation()).isEqualTo(2);
    }
  }

  @Test
  void entriesOfOneAppendAreOneUnit() throws Exception {
    try (LocalStore store = LocalStore.open(temp)) {
      store.append(Stories.reign(1, DB1));
    }
    JournalReader.Content content = JournalReader.read(temp.resolve("journal"));
    assertThat(content.frames()).hasSize(2);
    assertThat(Journal.entries(content.frames().get(1).frame())).isEqualTo(Stories.reign(1, DB1));
  }

  @Test
  void lazyEntriesSurviveTheDeathOfTheManagerAlone() throws Exception {
    LocalStore store = LocalStore.open(temp);
    store.appendLazy(Stories.sighting(20));
    // No close: the process is gone, its file system is not.
    Path copy = temp.resolve("copy");
    Files.createDirectory(copy);
    Files.copy(temp.resolve("journal"), copy.resolve("journal"));
    try (LocalStore again = LocalStore.open(copy)) {
      assertThat(again.state()).isEqualTo(store.state());
      assertThat(again.state().sightings()).containsKey(DB1);
    }
    store.close();
  }

  @Test
  void compactionKeepsTheStateAndShrinksTheJournal() throws Exception {
    ClusterRecord before;
    try (LocalStore store = LocalStore.open(temp)) {
      for (int i = 0; i < 200; i++) {
        store.appendLazy(Stories.sighting(i));
      }
      store.append(Stories.reign(3, DB2));
      long grown = Files.size(temp.resolve("journal"));
      store.compact();
      assertThat(Files.size(temp.resolve("journal"))).isLessThan(grown / 20);
      store.append(Stories.pause("after"));
      before = store.state();
    }
    assertThat(temp.resolve("journal.new")).doesNotExist();
    try (LocalStore store = LocalStore.open(temp)) {
      assertThat(store.state()).isEqualTo(before);
    }
  }

  @Test
  void aJournalThatGrowsIsCompactedByALazyAppend() throws Exception {
    String reason = "x".repeat(1 << 20);
    try (LocalStore store = LocalStore.open(temp)) {
      for (int i = 0; i < 6; i++) {
        store.append(Stories.pause(reason));
      }
      assertThat(Files.size(temp.resolve("journal"))).isGreaterThan(6 << 20);
      store.append(Stories.pause("short"));
      store.appendLazy(Stories.sighting(1));
      assertThat(Files.size(temp.resolve("journal"))).isLessThan(2_000);
    }
    try (LocalStore store = LocalStore.open(temp)) {
      assertThat(store.state())
          .isEqualTo(
              Ledger.apply(
                  Ledger.apply(ClusterRecord.blank(), Stories.pause("short")),
                  Stories.sighting(1)));
    }
  }

  @Test
  void aClosedStoreTakesNothing() throws Exception {
    LocalStore store = LocalStore.open(temp);
    store.close();
    store.close();
    assertThatThrownBy(() -> store.append(Stories.office()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void anInterruptedCallerDoesNotHurtTheStore() throws Exception {
    try (LocalStore store = LocalStore.open(temp)) {
      Thread.currentThread().interrupt();
      store.append(Stories.office());
      assertThat(Thread.interrupted()).isTrue();
      store.append(Stories.office());
      assertThat(store.state().incarnation()).isEqualTo(2);
    }
  }

  @Test
  void theJournalOfANewerProgramIsRefused() throws Exception {
    LocalStore.open(temp).close();
    Path journal = temp.resolve("journal");
    byte[] bytes = Files.readAllBytes(journal);
    System.arraycopy(JournalReader.fileHeader(2), 0, bytes, 0, JournalReader.FILE_HEADER);
    Files.write(journal, bytes);
    assertThatThrownBy(() -> LocalStore.open(temp))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("journal format 2")
        .hasMessageContaining("run the newer program");
    assertThat(Files.readAllBytes(journal)).isEqualTo(bytes);
  }

  @Test
  void supportCanReadAStoreThatIsInUse() throws Exception {
    try (LocalStore store = LocalStore.open(temp)) {
      store.append(Stories.reign(7, DB1));
      store.appendLazy(Stories.sighting(20));
      StringBuilder listing = new StringBuilder();
      StoreInspect.list(temp, listing);
      assertThat(listing.toString().lines().map(String::strip))
          .contains(
              temp.resolve("journal") + ", format 1",
              "byte 33: frame 0, snapshot",
              "{\"type\":\"Attached\",\"server\":\"db1\"}")
          .anyMatch(line -> line.endsWith("frame 1, durable"))
          .anyMatch(line -> line.endsWith("frame 2, lazy"))
          .contains("\"epoch\" : 7,");
      store.append(Stories.office());
    }
    assertThat(List.of(temp.toFile().list())).contains("journal");
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
