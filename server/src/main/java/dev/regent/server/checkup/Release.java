package dev.regent.server.checkup;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server's release, of which only the three numbers count. */
public record Release(int major, int minor, int patch) implements Comparable<Release> {
  private static final Pattern NUMBERS =
      Pattern.compile("(?:5\\.5\\.5-)?(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?.*");

  private static final Comparator<Release> ORDER =
      Comparator.comparingInt(Release::major)
          .thenComparingInt(Release::minor)
          .thenComparingInt(Release::patch);

  /**
   * Reads {@code 10.11.5-MariaDB-log}, and {@code 11.4} as well.
   *
   * @throws IllegalArgumentException it is no version
   */
  public static Release parse(String version) {
    Matcher matcher = NUMBERS.matcher(version);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no version of a server: " + version);
    }
    int patch = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    return new Release(
        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), patch);
  }

  public static Release of(int major, int minor, int patch) {
    return new Release(major, minor, patch);
  }

  public boolean atLeast(int wantedMajor, int wantedMinor, int wantedPatch) {
    return compareTo(new Release(wantedMajor, wantedMinor, wantedPatch)) >= 0;
  }

  /** Of the same series, such as 10.11. */
  public boolean in(int seriesMajor, int seriesMinor) {
    return major == seriesMajor && minor == seriesMinor;
  }

  @Override
  public int compareTo(Release other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
