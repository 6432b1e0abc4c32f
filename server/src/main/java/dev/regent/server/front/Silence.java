package dev.regent.server.front;

import dev.regent.core.model.Moment;
import dev.regent.core.model.Observation;
import dev.regent.core.model.Observation.Kind;
import dev.regent.core.model.Observation.Missed;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells when a server has given no sign of life for a while: not that it refused or cut a
 * connection, which whoever has one notices. One thread at a time may ask about one server.
 */
final class Silence {
  /**
   * From the first look that was missed on, which itself took up to a second. A busy server misses
   * one now and then.
   */
  static final Duration LIMIT = Duration.ofSeconds(1);

  private final Map<ServerId, Spell> spells = new ConcurrentHashMap<>();

  private record Spell(Moment since, boolean told) {}

  /** Returns true once in each silence, when it has lasted for long enough. */
  boolean observed(ServerId server, Observation observation) {
    if (!(observation instanceof Missed missed) || missed.kind() != Kind.TIMEOUT) {
      spells.remove(server);
      return false;
    }
    Spell spell = spells.computeIfAbsent(server, s -> new Spell(missed.at(), false));
    if (spell.told() || missed.at().since(spell.since()).compareTo(LIMIT) < 0) {
      return false;
    }
    spells.put(server, new Spell(spell.since(), true));
    return true;
  }
}
