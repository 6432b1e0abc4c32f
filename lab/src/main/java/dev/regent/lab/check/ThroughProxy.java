package dev.regent.lab.check;

import dev.regent.lab.check.Evidence.Promise;
import dev.regent.lab.load.Told;
import dev.regent.lab.load.Write;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Clients of the proxy hear nothing but what docs/proxy.md lists, nobody waits in vain, and where
 * nothing is lost everybody reads what he has written.
 */
final class ThroughProxy {
  private static final int SHOWN_MAX = 3;

  private ThroughProxy() {}

  static List<String> complaints(Evidence seen) {
    Set<Told> never = EnumSet.of(Told.WRONG, Told.SILENCE);
    if (!seen.allowed().proxyGone()) {
      never.add(Told.NO_PROXY);
    }
    if (seen.promise() == Promise.LOSSLESS) {
      never.add(Told.UNREAD);
    }
    List<String> complaints = new ArrayList<>();
    for (Told told : never) {
      List<Write> of = of(seen, w -> Told.of(w) == told);
      if (!of.isEmpty()) {
        complaints.add(of.size() + " answers that no client should get: " + some(of));
      }
    }
    return complaints;
  }

  static List<Write> of(Evidence seen, Predicate<Write> which) {
    return seen.writes().stream().filter(seen::proxied).filter(which).toList();
  }

  private static String some(List<Write> writes) {
    List<String> shown =
        writes.stream().limit(SHOWN_MAX).map(w -> "row " + w.id() + ": " + w.error()).toList();
    return String.join("; ", shown) + (writes.size() > SHOWN_MAX ? "; ..." : "");
  }
}
