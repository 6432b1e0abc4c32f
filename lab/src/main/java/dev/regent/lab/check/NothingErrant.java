package dev.regent.lab.check;

import dev.regent.core.model.GtidState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** A server has transactions of its own only if the manager holds it out for exactly those. */
final class NothingErrant {
  private NothingErrant() {}

  static List<String> complaints(Evidence seen) {
    List<String> complaints = new ArrayList<>();
    for (Standing other : seen.others()) {
      List<GtidState.Range> own = other.ownAgainst(seen.last());
      if (!own.isEmpty()) {
        complaints.add(other.server() + " replicates and has of its own " + own);
      }
    }
    for (Standing out : seen.heldOut()) {
      List<String> own =
          out.ownAgainst(seen.last()).stream().map(GtidState.Range::toString).toList();
      List<String> named = out.heldOut().orElseThrow();
      if (!new TreeSet<>(own).equals(new TreeSet<>(named))) {
        complaints.add(out.server() + " is held out for " + named + ", and has of its own " + own);
      }
    }
    return complaints;
  }
}
