package dev.regent.proxy.net;

import dev.regent.proxy.seen.Neighbours.Place;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connections to servers at which somebody aims a {@code KILL}. It names the server's connection,
 * not the session, and may still be on its way when the session is gone: so nobody else gets that
 * connection. From any thread.
 */
final class Aims {
  private final Map<Place, Long> since = new ConcurrentHashMap<>();

  void at(Place place) {
    long now = System.nanoTime();
    // None of those connections is there any more.
    since.values().removeIf(then -> now - then > 2 * Parking.LIFE_MAX.toNanos());
    since.put(place, now);
  }

  boolean include(Place place) {
    return since.containsKey(place);
  }
}
