package dev.regent.server.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Right spellings, and the right one for a wrong one. */
final class Spelling {
  private static final Pattern RIGHT = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern ALMOST =
      Pattern.compile("\\s*(\\d{1,9}(?:[.,]\\d{1,3})?)\\s*([A-Za-z]*)\\.?\\s*");

  /** Unit to milliseconds, the smallest first. */
  private static final Map<String, Long> UNITS = new LinkedHashMap<>();

  private static final List<List<String>> ALIASES =
      List.of(
          List.of("ms", "msec", "msecs", "millis", "millisecond", "milliseconds"),
          List.of("s", "sec", "secs", "second", "seconds"),
          List.of("m", "min", "mins", "minute", "minutes"),
          List.of("h", "hr", "hrs", "hour", "hours"),
          List.of("d", "day", "days"));

  /** Words further apart than this are different words. */
  private static final int DISTANCE_MAX = 3;

  static {
    UNITS.put("ms", 1L);
    UNITS.put("s", 1_000L);
    UNITS.put("m", 60_000L);
    UNITS.put("h", 3_600_000L);
    UNITS.put("d", 86_400_000L);
  }

  private Spelling() {}

  /** Empty unless it is a whole number and a unit, such as {@code 250ms}. */
  static Optional<Duration> duration(String text) {
    Matcher matcher = RIGHT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long unit = UNITS.getOrDefault(matcher.group(2), 0L);
    return Optional.of(Duration.ofMillis(Long.parseLong(matcher.group(1)) * unit));
  }

  /** How a duration is written: the largest unit that makes it a whole number. */
  static String of(Duration duration) {
    long millis = duration.toMillis();
    String best = "ms";
    for (Map.Entry<String, Long> unit : UNITS.entrySet()) {
      if (millis > 0 && millis % unit.getValue() == 0) {
        best = unit.getKey();
      }
    }
    return millis == 0 ? "0s" : millis / UNITS.getOrDefault(best, 1L) + best;
  }

  /** What a wrongly written duration probably means; the example if nobody can know. */
  static String almost(String wrong, Duration example) {
    Matcher matcher = ALMOST.matcher(wrong);
    if (!matcher.matches()) {
      return of(example);
    }
    Optional<String> unit = unit(matcher.group(2), example);
    if (unit.isEmpty()) {
      return of(example);
    }
    BigDecimal millis =
        new BigDecimal(matcher.group(1).replace(',', '.'))
            .multiply(BigDecimal.valueOf(UNITS.getOrDefault(unit.get(), 1L)));
    return of(Duration.ofMillis(millis.longValue()));
  }

  private static Optional<String> unit(String word, Duration example) {
    if (word.isEmpty()) {
      return Optional.of(example.toMillis() % 1000 == 0 && !example.isZero() ? "s" : "ms");
    }
    String lower = word.toLowerCase(Locale.ROOT);
    return ALIASES.stream().filter(a -> a.contains(lower)).map(List::getFirst).findFirst();
  }

  /** The known word that the unknown one is probably meant to be. */
  static Optional<String> nearest(String unknown, Collection<String> known) {
    int limit = Math.min(DISTANCE_MAX, Math.max(1, unknown.length() / 3));
    String plain = plain(unknown);
    return known.stream()
        .filter(word -> distance(plain, plain(word)) <= limit)
        .min(Comparator.comparingInt(word -> distance(plain, plain(word))));
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** Levenshtein's. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
