package dev.regent.lab.arena;

import dev.regent.lab.load.LedgerFile;
import dev.regent.lab.load.Write;
import dev.regent.lab.load.Write.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Everything that the writers were told, in the order of the answers. */
public record Written(List<Write> writes) {
  /** A time without an acknowledgement; its ends are {@link System#nanoTime} of any process. */
  public record Gap(long lastBefore, long firstAfter) {
    public double millis() {
      return (firstAfter - lastBefore) / 1e6;
    }
  }

  public Written {
    writes = writes.stream().sorted(Comparator.comparingLong(Write::endedNanos)).toList();
  }

  /** Reads the file that {@code regent lab ledger} writes. */
  static Written read(Path file) throws IOException {
    return new Written(LedgerFile.read(file));
  }

  public long count(Outcome outcome) {
    return writes.stream().filter(w -> w.outcome() == outcome).count();
  }

  /** The longest gap that ends after the first moment and begins before the second. */
  public Optional<Gap> longestGap(long from, long to) {
    List<Gap> gaps = new ArrayList<>();
    long last = 0;
    boolean first = true;
    for (Write write : writes) {
      if (write.outcome() == Outcome.OK) {
        if (!first && write.endedNanos() - from > 0 && last - to < 0) {
          gaps.add(new Gap(last, write.endedNanos()));
        }
        first = false;
        last = write.endedNanos();
      }
    }
    return gaps.stream().max(Comparator.comparingDouble(Gap::millis));
  }
}
