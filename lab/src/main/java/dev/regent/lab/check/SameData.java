package dev.regent.lab.check;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Every server that replicates holds what the primary holds, table by table, and none takes writes.
 */
final class SameData {
  private SameData() {}

  static List<String> complaints(Evidence seen) {
    List<String> complaints = new ArrayList<>();
    Standing primary = seen.last();
    if (!primary.writable()) {
      complaints.add(primary.server() + " is the primary and takes no writes");
    }
    for (Standing other : seen.standings()) {
      if (other.writable() && !other.server().equals(seen.primary())) {
        complaints.add(other.server() + " takes writes beside " + primary.server());
      }
    }
    for (Standing other : seen.others()) {
      var tables = new TreeSet<>(primary.checksums().keySet());
      tables.addAll(other.checksums().keySet());
      for (String table : tables) {
        String here = other.checksums().getOrDefault(table, "none");
        String there = primary.checksums().getOrDefault(table, "none");
        if (!here.equals(there)) {
          complaints.add(
              "%s differs on %s (%s) and %s (%s)"
                  .formatted(table, other.server(), here, primary.server(), there));
        }
      }
    }
    return complaints;
  }
}
