package dev.regent.server.store;

import static dev.regent.server.store.Stories.DB1;
import static dev.regent.server.store.Stories.DB2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regent.core.control.ControlStore.StoreException;
import dev.regent.core.model.ClusterRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FailingDiskTest {
  /** More disk operations than the story of a power cut has. */
  private static final int OPERATIONS = 40;

  @TempDir Path temp;

  @Test
  void aFullDiskLeavesTheLastGoodStateAndAStoreThatTakesNoMore() throws Exception {
    int frame = frameOfSecondAppend();
    for (int room = 0; room < frame; room += 7) {
      Path directory = temp.resolve("full" + room);
      FaultyDisk disk = new FaultyDisk();
      LocalStore store = LocalStore.open(directory, disk);
      store.append(Stories.reign(1, DB1));
      ClusterRecord good = store.state();
      disk.fullAfter(room);
      assertThatThrownBy(() -> store.append(Stories.reign(2, DB2)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("cannot write: No space left on device");
      disk.fullAfter(Long.MAX_VALUE);
      assertThatThrownBy(() -> store.append(Stories.office()))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("takes no more entries since a write failed: No space left");
      assertThat(store.state()).isEqualTo(good);
      store.close();
      try (LocalStore again = LocalStore.open(directory)) {
        assertThat(again.state()).isEqualTo(good);
        again.append(Stories.office());
      }
    }
  }

  private int frameOfSecondAppend() throws Exception {
    Path directory = temp.resolve("measure");
    try (LocalStore store = LocalStore.open(directory)) {
      store.append(Stories.reign(1, DB1));
      long before = Files.size(directory.resolve("journal"));
      store.append(Stories.reign(2, DB2));
      return (int) (Files.size(directory.resolve("journal")) - before);
    }
  }

  /** The promise: what was acknowledged is there; what was not, is there whole or not at all. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPowerCutAfterAnyOperationLosesNothingAcknowledged(boolean undoReplace) throws Exception {
    int cuts = 0;
    for (int operations = 0; operations < OPERATIONS; operations++) {
      Path directory = temp.resolve("cut" + operations);
      FaultyDisk disk = new FaultyDisk();
      disk.cutPowerAfter(operations);
      long[] acknowledged = {0};
      tellStoryUntilCut(directory, disk, acknowledged);
      cuts += disk.cut() ? 1 : 0;
      disk.forgetUnsynced(undoReplace);
      try (LocalStore again = LocalStore.open(directory)) {
        assertThat(again.state().epoch())
            .as("after %d operations", operations)
            .isBetween(acknowledged[0], acknowledged[0] + 1);
        again.append(Stories.reign(99, DB1));
      }
    }
    assertThat(cuts).as("the story has fewer operations than cuts").isLessThan(OPERATIONS);
    assertThat(cuts).isGreaterThan(20);
  }

  /** Reigns 1 to 5, lazy entries between them, two compactions. */
  private static void tellStoryUntilCut(Path directory, FaultyDisk disk, long[] acknowledged) {
    try (LocalStore store = LocalStore.open(directory, disk)) {
      for (int epoch = 1; epoch <= 5; epoch++) {
        store.appendLazy(Stories.sighting(epoch));
        store.append(Stories.reign(epoch, DB1));
        acknowledged[0] = epoch;
        if (epoch == 2 || epoch == 4) {
          store.compact();
        }
      }
    } catch (StoreException | java.io.IOException e) {
      assertThat(e).hasStackTraceContaining("power cut");
    }
  }

  @Test
  void aCompactionThatFindsNoRoomChangesNothing() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    try (LocalStore store = LocalStore.open(temp, disk)) {
      store.append(Stories.reign(1, DB1));
      disk.fullAfter(100);
      store.compact();
      assertThat(temp.resolve("journal.new")).doesNotExist();
      disk.fullAfter(Long.MAX_VALUE);
      store.append(Stories.reign(2, DB2));
    }
    try (LocalStore store = LocalStore.open(temp)) {
      assertThat(store.state().epoch()).isEqualTo(2);
    }
  }

  @Test
  void aReallyFullFileSystemIsSurvived() throws Exception {
    try (SmallDisk disk = SmallDisk.in(temp)) {
      Path directory = disk.mount().resolve("state");
      LocalStore store = LocalStore.open(directory);
      disk.fill();
      ClusterRecord good = store.state();
      assertThatThrownBy(() -> store.append(Stories.pause("z".repeat(10_000))))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("No space left on device");
      assertThat(store.state()).isEqualTo(good);
      store.close();
      disk.empty();
      try (LocalStore again = LocalStore.open(directory)) {
        assertThat(again.state()).isEqualTo(good);
        again.append(Stories.reign(1, DB1));
      }
    }
  }
}
