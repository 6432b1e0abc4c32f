package dev.regent.lab.measure;

import java.util.Locale;

/** Numbers as people read them. */
public final class Figures {
  private Figures() {}

  /** Three digits that count, never more than two behind the point. */
  public static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    double size = Math.abs(value);
    String format =
        size >= 100 || value == Math.rint(value) ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }

  /** For JSON: more digits than this say nothing. */
  public static double rounded(double value) {
    return Double.isFinite(value) ? Math.round(value * 1000) / 1000.0 : -1;
  }
}
