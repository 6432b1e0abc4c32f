package dev.regent.sim.contract;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A server's version, and what came into which. */
public record Version(int major, int minor, int patch) implements Comparable<Version> {
  private static final Comparator<Version> ORDER =
      Comparator.comparingInt(Version::major)
          .thenComparingInt(Version::minor)
          .thenComparingInt(Version::patch);

  /** Reads "10.11.5" and "11.4.5-MariaDB-log". */
  public static Version parse(String text) {
    List<Integer> parts =
        Stream.of(text.replaceAll("-.*", "").split("\\.", -1)).map(Integer::valueOf).toList();
    if (parts.size() != 3) {
      throw new IllegalArgumentException("not a version: " + text);
    }
    return new Version(parts.get(0), parts.get(1), parts.get(2));
  }

  /** Whether this is the named version or a later one. */
  public boolean since(String first) {
    return compareTo(parse(first)) >= 0;
  }

  /**
   * Whether this version has a change that came into several release series at once: into the named
   * version of each, and into every series after the last one.
   */
  public boolean hasFix(String... firsts) {
    List<Version> all = Stream.of(firsts).map(Version::parse).sorted().toList();
    return all.stream().anyMatch(first -> sameSeries(first) && compareTo(first) >= 0)
        || (all.stream().noneMatch(this::sameSeries) && compareTo(all.getLast()) > 0);
  }

  private boolean sameSeries(Version other) {
    return major == other.major && minor == other.minor;
  }

  @Override
  public int compareTo(Version other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
