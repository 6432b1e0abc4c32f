package dev.regent.server.store;

import static dev.regent.server.store.Stories.DB1;
import static dev.regent.server.store.Stories.DB2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regent.core.control.ControlStore.StoreException;
import dev.regent.core.control.Entry;
import dev.regent.core.model.ClusterRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Given a journal of a snapshot, a durable, a lazy and again a durable frame. */
final class JournalDamageTest {
  private static final int SECTOR = 512;

  @TempDir Path temp;
  private Path journal = Path.of("journal");
  private byte[] whole = new byte[0];
  private List<JournalReader.Located> frames = List.of();
  private ClusterRecord beforeLast = ClusterRecord.blank();

  @BeforeEach
  void write() throws Exception {
    journal = temp.resolve("journal");
    try (LocalStore store = LocalStore.open(temp)) {
      store.append(List.of(Stories.pause("x".repeat(1500)).getFirst(), new Entry.Attached(DB1)));
      store.appendLazy(Stories.sighting(20));
      beforeLast = store.state();
      store.append(List.of(Stories.pause("y".repeat(600)).getFirst(), new Entry.Attached(DB2)));
    }
    whole = Files.readAllBytes(journal);
    frames = JournalReader.read(journal).frames();
    assertThat(frames).hasSize(4);
  }

  @Test
  void aTailTornAtAnyByteOfTheLastFrameIsDropped() throws Exception {
    JournalReader.Located last = frames.getLast();
    for (int end = last.offset(); end < whole.length; end++) {
      Files.write(journal, Arrays.copyOf(whole, end));
      try (LocalStore store = LocalStore.open(temp)) {
        assertThat(store.state()).as("torn at byte %d", end).isEqualTo(beforeLast);
      }
      assertThat(Files.size(journal)).isEqualTo(last.offset());
    }
  }

  @Test
  void theStoreGoesOnBehindADroppedTail() throws Exception {
    Files.write(journal, Arrays.copyOf(whole, whole.length - 10));
    try (LocalStore store = LocalStore.open(temp)) {
      store.append(Stories.reign(8, DB2));
    }
    try (LocalStore store = LocalStore.open(temp)) {
      assertThat(store.state().epoch()).isEqualTo(8);
      assertThat(store.state().pause())
          .hasValueSatisfying(p -> assertThat(p.reason()).startsWith("x"));
    }
  }

  @Test
  void anyFlippedBitIsRefusedWithTheOffsetOfItsFrame() throws Exception {
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 << (at % 8));
      Files.write(journal, damaged);
      int offset = offsetOfFrameWith(at);
      assertThatThrownBy(() -> JournalReader.read(journal))
          .as("bit flipped in byte %d", at)
          .isInstanceOf(CorruptJournal.class)
          .hasMessageContaining(journal + " at byte ");
      if (at >= JournalReader.FILE_HEADER) {
        assertThatThrownBy(() -> JournalReader.read(journal))
            .hasMessageContaining("at byte " + offset + ":");
      }
    }
  }

  private int offsetOfFrameWith(int at) {
    return frames.stream()
        .filter(f -> f.offset() <= at && at < f.end())
        .mapToInt(JournalReader.Located::offset)
        .findFirst()
        .orElse(0);
  }

  @Test
  void aDamagedStoreIsNotOpenedAndNotTouched() throws Exception {
    byte[] damaged = whole.clone();
    damaged[frames.get(1).offset() + 100] ^= 1;
    Files.write(journal, damaged);
    assertThatThrownBy(() -> LocalStore.open(temp))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(journal + " at byte " + frames.get(1).offset())
        .hasMessageContaining("payload of frame 1 is damaged");
    assertThat(Files.readAllBytes(journal)).isEqualTo(damaged);
  }

  @Test
  void aSectorThatWasNeverWrittenIsATornTailInTheLastFrameOnly() throws Exception {
    assertThat(frames.get(1).end()).isGreaterThan(3 * SECTOR);
    for (int sector = 0; sector * SECTOR < whole.length; sector++) {
      byte[] damaged = whole.clone();
      int from = sector * SECTOR;
      int to = Math.min(whole.length, from + SECTOR);
      Arrays.fill(damaged, from, to, (byte) 0);
      Files.write(journal, damaged);
      // Frame 2 is lazy. Frame 3 says so: when it was written, frame 1 was synced and 2 was not.
      boolean witnessed = to <= frames.get(3).offset();
      if (from < frames.get(1).end() && witnessed) {
        assertThatThrownBy(() -> JournalReader.read(journal)).isInstanceOf(CorruptJournal.class);
      } else {
        JournalReader.Content content = JournalReader.read(journal);
        assertThat(content.torn()).isPresent();
        assertThat(content.end()).isLessThanOrEqualTo(frames.getLast().offset());
      }
    }
  }

  @Test
  void aLazyFrameMayBeMissingBeforeAnAppendThatWasNeverAcknowledged() throws Exception {
    byte[] damaged = whole.clone();
    Arrays.fill(damaged, frames.get(2).offset(), frames.get(2).end(), (byte) 0);
    Files.write(journal, damaged);
    JournalReader.Content content = JournalReader.read(journal);
    assertThat(content.end()).isEqualTo(frames.get(2).offset());
    assertThat(content.torn()).isPresent();
  }

  @Test
  void zerosBehindTheLastFrameAreATornTail() throws Exception {
    Files.write(journal, Arrays.copyOf(whole, whole.length + 5_000));
    JournalReader.Content content = JournalReader.read(journal);
    assertThat(content.frames()).hasSize(4);
    assertThat(content.end()).isEqualTo(whole.length);
    assertThat(content.torn()).contains("5000 bytes at byte " + whole.length);
  }

  @Test
  void aMissingFrameIsRefused() throws Exception {
    byte[] without = new byte[whole.length - (frames.get(2).end() - frames.get(2).offset())];
    System.arraycopy(whole, 0, without, 0, frames.get(2).offset());
    System.arraycopy(
        whole,
        frames.get(2).end(),
        without,
        frames.get(2).offset(),
        whole.length - frames.get(2).end());
    Files.write(journal, without);
    assertThatThrownBy(() -> JournalReader.read(journal))
        .hasMessageContaining("at byte " + frames.get(2).offset() + ": frame 3 instead of 2");
  }

  @Test
  void anEntryOfAnotherVersionIsRefusedByName() throws Exception {
    Frame odd = new Frame(Frame.Kind.DURABLE, 4, 3, "{\"type\":\"Crowned\"}\n");
    byte[] more = odd.encoded();
    byte[] longer = Arrays.copyOf(whole, whole.length + more.length);
    System.arraycopy(more, 0, longer, whole.length, more.length);
    Files.write(journal, longer);
    assertThatThrownBy(() -> LocalStore.open(temp))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("at byte " + whole.length + ": frame 4 is not understood")
        .hasMessageContaining("Crowned");
  }

  @Test
  void anEmptyOrForeignFileIsRefused() throws Exception {
    for (String text : List.of("", "REGENT", "#!/bin/sh\necho this is something else\n")) {
      Files.writeString(journal, text);
      assertThatThrownBy(() -> LocalStore.open(temp))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("at byte 0: this is not a journal of Regent");
    }
  }
}
