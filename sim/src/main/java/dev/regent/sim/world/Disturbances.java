package dev.regent.sim.world;

import dev.regent.sim.kernel.Host;
import java.util.SortedMap;
import java.util.TreeMap;

/** When something last went wrong, or right again, at each host: the time since then is quiet. */
public final class Disturbances {
  private final World world;
  private final SortedMap<String, Long> last = new TreeMap<>();

  Disturbances(World world) {
    this.world = world;
  }

  public void befall(Host host) {
    last.put(host.name(), world.kernel().now());
  }

  boolean quietFor(Host host, long nanos) {
    return world.kernel().now() - last.getOrDefault(host.name(), 0L) >= nanos;
  }
}
