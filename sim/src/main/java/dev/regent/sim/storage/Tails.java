package dev.regent.sim.storage;

import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last GTID of each (domain, server id), changing. */
final class Tails {
  private final List<Gtid> last = new ArrayList<>();
  private @Nullable GtidState cached;

  void put(Gtid gtid) {
    cached = null;
    for (int i = 0; i < last.size(); i++) {
      if (last.get(i).domain() == gtid.domain() && last.get(i).server() == gtid.server()) {
        last.set(i, gtid);
        return;
      }
    }
    last.add(gtid);
  }

  boolean contains(Gtid gtid) {
    for (int i = 0; i < last.size(); i++) {
      Gtid tail = last.get(i);
      if (tail.domain() == gtid.domain() && tail.server() == gtid.server()) {
        return tail.sequence() >= gtid.sequence();
      }
    }
    return false;
  }

  void clear() {
    cached = null;
    last.clear();
  }

  void set(Tails other) {
    clear();
    last.addAll(other.last);
  }

  GtidState state() {
    GtidState state = cached;
    if (state == null) {
      state = new GtidState(last);
      cached = state;
    }
    return state;
  }
}
