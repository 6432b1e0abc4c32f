package dev.regent.core.control;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.model.Moment;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Run;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keeps the controller from deciding on stale pictures and from repeating what does not help: after
 * a plan, the servers it touched must be observed again; a remedy that was tried is tried again
 * only after a wait that doubles.
 */
final class Patience {
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  /** An observation that was under way when a plan ended may show what was before it. */
  private static final int FRESH_OBSERVATIONS = 2;

  /** A server that does not even miss probes must not block everything. */
  private static final Duration FRESH_DEADLINE = Duration.ofSeconds(3);

  private record Tried(Moment at, Duration patience) {}

  private final Map<String, Tried> tried = new TreeMap<>();
  private final Map<ServerId, Integer> awaited = new TreeMap<>();
  private Moment awaitedUntil = new Moment(0, 0);

  void awaitFresh(SortedSet<ServerId> servers, Moment now) {
    servers.forEach(s -> awaited.put(s, FRESH_OBSERVATIONS));
    awaitedUntil = now.plus(FRESH_DEADLINE);
  }

  void observed(ServerId server, Moment now) {
    awaited.computeIfPresent(server, (s, left) -> left > 1 ? left - 1 : null);
    if (now.isAfter(awaitedUntil)) {
      awaited.clear();
    }
  }

  /** Servers that were not observed often enough since a plan touched them. */
  NavigableSet<ServerId> awaited(Moment now) {
    return now.isAfter(awaitedUntil) ? new TreeSet<>() : new TreeSet<>(awaited.keySet());
  }

  boolean allows(Diagnosis diagnosis, Moment now) {
    if (stale(diagnosis, awaited(now))) {
      return false;
    }
    Tried last = tried.get(diagnosis.key());
    return last == null || now.since(last.at()).compareTo(last.patience()) >= 0;
  }

  /** A dead primary waits for nobody but those who testify to it. */
  private static boolean stale(Diagnosis diagnosis, NavigableSet<ServerId> awaited) {
    return diagnosis instanceof Diagnosis.PrimaryDead d
        ? awaited.contains(d.server()) || d.witnesses().stream().anyMatch(awaited::contains)
        : !awaited.isEmpty();
  }

  /**
   * What succeeded is no remedy that does not help: should it be needed again, that is another
   * case. For the role there are rules of its own; a server that has to be attached again and again
   * is so once a second. Other repairs succeed without curing anything, so they go on waiting.
   */
  void solved(Diagnosis diagnosis, Run.Kind by, Moment now) {
    if (by.movesRole()) {
      tried.remove(diagnosis.key());
    } else if (by == Run.Kind.REJOIN) {
      tried.put(diagnosis.key(), new Tried(now, FIRST_WAIT));
    }
  }

  /** The wait begins when a try is over: one that lasts long must leave room for other remedies. */
  void inVain(Diagnosis diagnosis, Moment now) {
    tried.computeIfPresent(diagnosis.key(), (key, last) -> new Tried(now, last.patience()));
  }

  void tried(Diagnosis diagnosis, Moment now) {
    Tried last = tried.get(diagnosis.key());
    Duration wait = FIRST_WAIT;
    if (last != null && now.since(last.at()).compareTo(last.patience().multipliedBy(3)) < 0) {
      wait = last.patience().multipliedBy(2);
    }
    tried.put(
        diagnosis.key(), new Tried(now, wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait));
  }
}
