package dev.regent.proxy.net;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.net.Parked.End;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to servers that no session of a listener uses at present, by event loop. A session
 * takes those of its own loop only, so nothing here is ever waited for.
 */
final class Parking {
  private static final Logger LOG = LoggerFactory.getLogger(Parking.class);

  /** A server that takes longer to forget a session has a long transaction to take back. */
  static final Duration CLEANING_MAX = Duration.ofSeconds(2);

  /**
   * Some settings of a server ({@code max_allowed_packet}) reach only who connects after them: so
   * every connection ends some day.
   */
  static final Duration LIFE_MAX = Duration.ofMinutes(10);

  private final Proxy proxy;
  private final Reception.Spaces limits;
  private final Map<EventLoop, Lot> lots = new ConcurrentHashMap<>();
  private final Map<ServerId, AtomicInteger> taken = new ConcurrentHashMap<>();

  Parking(Proxy proxy, Reception.Spaces limits) {
    this.proxy = proxy;
    this.limits = limits;
  }

  Lot lot(EventLoop loop) {
    return lots.computeIfAbsent(loop, fresh -> new Lot(this, proxy));
  }

  Duration time() {
    return limits.time();
  }

  /** False if it is one too many; {@link #giveSpace} must follow in any case. */
  boolean takeSpace(ServerId server) {
    return spaces(server).incrementAndGet() <= limits.most();
  }

  void giveSpace(ServerId server) {
    spaces(server).decrementAndGet();
  }

  /** How many are parked at a server, and on their way to it. */
  int count(ServerId server) {
    return spaces(server).get();
  }

  private AtomicInteger spaces(ServerId server) {
    return taken.computeIfAbsent(server, id -> new AtomicInteger());
  }

  /** From any thread: commands go elsewhere. */
  void routed(RoutingTable table) {
    everywhere(lot -> lot.routed(table));
  }

  /** From any thread: closes all that go to a server. */
  void clear(ServerId server, End why) {
    if (count(server) > 0) {
      everywhere(lot -> lot.clear(server, why));
    }
  }

  /** The proxy ends. */
  void clear() {
    everywhere(Lot::clear);
  }

  private void everywhere(Consumer<Lot> task) {
    lots.forEach((loop, lot) -> {
      try {
        loop.execute(() -> task.accept(lot));
      } catch (RejectedExecutionException e) {
        LOG.debug("for a proxy that is closing", e);
      }
    });
  }
}
