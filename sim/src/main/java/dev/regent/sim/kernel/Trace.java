package dev.regent.sim.kernel;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What happened: always as one running number, so that two runs can be compared, and as lines for
 * people where somebody reads them. Words are made only then.
 */
public final class Trace {
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  private final @Nullable Consumer<String> reader;
  private LongSupplier time = () -> 0;
  private long hash = PRIME;

  private Trace(@Nullable Consumer<String> reader) {
    this.reader = reader;
  }

  public static Trace silent() {
    return new Trace(null);
  }

  public static Trace to(Consumer<String> reader) {
    return new Trace(reader);
  }

  /** The clock of the lines. */
  public void timedBy(LongSupplier nanos) {
    time = nanos;
  }

  /** Two runs of one seed end with the same number. */
  public long hash() {
    return hash;
  }

  public void mix(long fact) {
    long mixed = (hash ^ fact) * PRIME;
    hash = mixed ^ (mixed >>> 29);
  }

  public boolean isRead() {
    return reader != null;
  }

  /**
   * Something worth a line.
   *
   * @param who who did it, or whom it befell; counts for the hash as the fact does
   */
  public void tell(String who, long fact, Supplier<String> words) {
    mix(who.hashCode());
    mix(fact);
    if (reader != null) {
      reader.accept(
          String.format(Locale.ROOT, "%10.4f %-8s ", time.getAsLong() / 1e9, who) + words.get());
    }
  }
}
