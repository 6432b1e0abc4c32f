package dev.regent.server.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Collects mistakes. Where a line is not even TOML, only that is told of it, and nothing is called
 * missing that may stand there.
 */
final class Mistakes {
  private final List<Mistake> all = new ArrayList<>();
  private final TreeSet<Integer> unreadable = new TreeSet<>();

  void add(int line, String what, String mend) {
    Mistake mistake = new Mistake(line, what, mend);
    if (!unreadable.contains(line) && !all.contains(mistake)) {
      all.add(mistake);
    }
  }

  void addUnreadable(int line, String what, String mend) {
    add(line, what, mend);
    unreadable.add(line);
  }

  void addMissing(int line, String what, String mend) {
    if (unreadable.isEmpty()) {
      add(line, what, mend);
    }
  }

  boolean none() {
    return all.isEmpty();
  }

  List<Mistake> sorted() {
    return all.stream().sorted(Comparator.comparingInt(Mistake::line)).toList();
  }
}
