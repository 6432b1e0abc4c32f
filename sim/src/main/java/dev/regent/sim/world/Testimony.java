package dev.regent.sim.world;

import dev.regent.core.control.Event;
import dev.regent.core.control.Input;
import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.Observation;
import dev.regent.core.model.ServerId;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.runtime.SimManager;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * No automatic failover while a witness hears the primary, by what the manager itself has seen: a
 * replica that answers, is connected, and received something a moment ago. What is true beyond that
 * is for {@link Witnesses}.
 */
final class Testimony implements Surroundings.Watcher {
  /** Less than the silence that would mean something. */
  private static final long A_MOMENT = 2_500 * Kernel.MILLISECOND;

  private final World world;
  private final SortedMap<ServerId, Channel> last = new TreeMap<>();
  private final SortedMap<ServerId, Long> heard = new TreeMap<>();

  /** Whoever took office anew has seen nothing yet. */
  private long incarnation;

  Testimony(World world) {
    this.world = world;
  }

  @Override
  public void learned(SimManager manager, Input input) {
    long office = manager.store().state().incarnation();
    if (office != incarnation) {
      incarnation = office;
      last.clear();
      heard.clear();
    }
    if (input instanceof Input.Observed observed) {
      Optional<Channel> now =
          observed.observation() instanceof Observation.Seen seen
              ? seen.facts().channels().stream().filter(c -> connected(manager, c)).findFirst()
              : Optional.empty();
      Optional<Channel> before = Optional.ofNullable(last.remove(observed.server()));
      now.ifPresent(c -> last.put(observed.server(), c));
      if (now.isEmpty()) {
        heard.remove(observed.server());
      } else if (before.isPresent() && moved(before.get(), now.get())) {
        heard.put(observed.server(), world.kernel().now());
      }
    }
  }

  private boolean connected(SimManager manager, Channel channel) {
    Optional<ServerId> source = world.setup().spec().at(channel.source()).map(s -> s.id());
    Optional<ServerId> primary = manager.store().state().reign().map(Reign::primary);
    return channel.io() == ThreadState.YES && source.isPresent() && source.equals(primary);
  }

  private static boolean moved(Channel before, Channel now) {
    return before.source().equals(now.source())
        && (before.heartbeats() != now.heartbeats() || !before.received().equals(now.received()));
  }

  @Override
  public void told(SimManager manager, Event event) {
    if (event instanceof Event.PlanOpened opened
        && opened.automatic()
        && opened.purpose().startsWith("fail over from ")
        && opened.purpose().contains(" is dead")) {
      heard.forEach((witness, at) -> judge(witness, at, opened.purpose()));
    }
  }

  private void judge(ServerId witness, long at, String purpose) {
    long ago = world.kernel().now() - at;
    if (ago < A_MOMENT) {
      throw new BrokenPromise(
          "no failover while a witness hears the primary",
          witness + " heard it " + ago / Kernel.MILLISECOND + " ms ago; " + purpose);
    }
  }
}
