package dev.regent.lab.command;

import java.util.ArrayList;
import java.util.List;

/** Lays out rows of text in columns. Control characters are shown as one space each. */
public final class TextTable {
  private TextTable() {}

  /** Columns two spaces apart, no lines. Empty columns at the right end take no room. */
  public static String plain(List<String> titles, List<List<String>> rows) {
    List<List<String>> all = new ArrayList<>();
    all.add(titles);
    all.addAll(rows);
    List<Integer> widths = widths(all);
    StringBuilder text = new StringBuilder();
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(pad(row.get(i), widths.get(i))).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** The layout of the mariadb client: a frame of {@code +}, {@code -} and {@code |}. */
  public static String framed(List<String> titles, List<List<String>> rows) {
    List<List<String>> all = new ArrayList<>();
    all.add(titles);
    all.addAll(rows);
    List<Integer> widths = widths(all);
    StringBuilder frame = new StringBuilder("+");
    widths.forEach(width -> frame.append("-".repeat(width + 2)).append('+'));
    frame.append('\n');
    StringBuilder text = new StringBuilder().append(frame).append(framedRow(titles, widths));
    text.append(frame);
    rows.forEach(row -> text.append(framedRow(row, widths)));
    return text.append(frame).toString();
  }

  private static String framedRow(List<String> row, List<Integer> widths) {
    StringBuilder text = new StringBuilder("|");
    for (int i = 0; i < row.size(); i++) {
      text.append(' ').append(pad(row.get(i), widths.get(i))).append(" |");
    }
    return text.append('\n').toString();
  }

  /** One line per value, for rows that are too wide; like {@code \G} of the mariadb client. */
  static String vertical(List<String> titles, List<List<String>> rows) {
    int width = titles.stream().mapToInt(TextTable::width).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (int number = 0; number < rows.size(); number++) {
      text.append("*** ").append(number + 1).append(". row ***\n");
      for (int i = 0; i < titles.size(); i++) {
        String title = titles.get(i);
        text.append(" ".repeat(width - width(title))).append(title).append(": ");
        text.append(rows.get(number).get(i)).append('\n');
      }
    }
    return text.toString();
  }

  private static List<Integer> widths(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (int i = 0; i < rows.getFirst().size(); i++) {
      int column = i;
      widths.add(rows.stream().mapToInt(row -> width(clean(row.get(column)))).max().orElse(0));
    }
    return widths;
  }

  private static String pad(String value, int width) {
    String clean = clean(value);
    return clean + " ".repeat(width - width(clean));
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String clean(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }
}
