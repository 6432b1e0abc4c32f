package dev.regent.sim.storage;

import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidPosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last GTID of each domain, changing; a server has a handful of domains. */
public final class Heads {
  private final List<Gtid> last = new ArrayList<>();
  private @Nullable GtidPosition cached;

  public Heads() {}

  public Heads(GtidPosition position) {
    last.addAll(position.gtids());
  }

  public long sequence(long domain) {
    for (int i = 0; i < last.size(); i++) {
      if (last.get(i).domain() == domain) {
        return last.get(i).sequence();
      }
    }
    return 0;
  }

  public boolean covers(Gtid gtid) {
    return sequence(gtid.domain()) >= gtid.sequence();
  }

  /** This one came last in its domain, whatever its number. */
  public void put(Gtid gtid) {
    cached = null;
    for (int i = 0; i < last.size(); i++) {
      if (last.get(i).domain() == gtid.domain()) {
        last.set(i, gtid);
        return;
      }
    }
    last.add(gtid);
  }

  /** This one counts if it is further. */
  public void raise(Gtid gtid) {
    if (!covers(gtid)) {
      put(gtid);
    }
  }

  public void set(GtidPosition position) {
    cached = null;
    last.clear();
    last.addAll(position.gtids());
  }

  public GtidPosition position() {
    GtidPosition position = cached;
    if (position == null) {
      position = new GtidPosition(last);
      cached = position;
    }
    return position;
  }
}
