package dev.regent.server.front;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Observation;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.fleet.Fleet;
import dev.regent.proxy.fleet.Member;
import dev.regent.proxy.net.Proxy;
import dev.regent.proxy.net.Transport;
import dev.regent.proxy.session.Settings;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The daemon's proxy: one, with all listeners of the configuration. */
public final class Front implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Front.class);

  /** Statements of clients are short; those that are not would hold up a role change for long. */
  private static final Duration QUIET_MAX = Duration.ofMillis(300);

  private static final Duration QUIET_LOOK = Duration.ofMillis(1);

  private final Proxy proxy;
  private final Fleet fleet;
  private final List<InetSocketAddress> addresses = new ArrayList<>();
  private volatile Optional<ServerId> primary = Optional.empty();

  private Front(FrontSettings settings, Map<ServerId, Dialer> dialers) {
    Map<ServerId, Endpoint> servers = new LinkedHashMap<>();
    Map<ServerId, Member> members = new LinkedHashMap<>();
    dialers.forEach((id, dialer) -> {
      servers.put(id, dialer.address());
      members.put(id, settings.members().getOrDefault(id, Member.USUAL));
    });
    fleet = new Fleet(members);
    AccountReader accounts = new AccountReader(() -> primary.map(dialers::get));
    Transport transport = Transport.best();
    // One loop beats two where two cores are shared with the servers.
    int loops = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    proxy = new Proxy(servers, fleet, accounts, transport, loops);
    LOG.info("proxy: {}, {} event loop(s)", transport, loops);
  }

  /**
   * Clients may come when this returns; they wait for the first table.
   *
   * @throws IOException an address cannot be had; nothing listens then
   */
  public static Front open(FrontSettings settings, Map<ServerId, Dialer> dialers)
      throws IOException {
    Front front = new Front(settings, dialers);
    try {
      for (FrontSettings.Listener listener : settings.listeners()) {
        InetSocketAddress wanted = new InetSocketAddress(listener.address(), listener.port());
        front.addresses.add(
            front.proxy.listen(
                wanted, new Settings(settings.hold(), listener.kind(), listener.reads())));
      }
      return front;
    } catch (IOException e) {
      front.close();
      throw e;
    }
  }

  public List<InetSocketAddress> addresses() {
    return List.copyOf(addresses);
  }

  public void publish(RoutingTable table) {
    if (table.primary().isPresent()) {
      primary = table.primary();
    }
    proxy.publish(table);
  }

  /** What the monitor saw: readers keep away from a replica that lags. */
  public void observed(ServerId server, Observation observation) {
    if (observation instanceof Observation.Seen seen) {
      fleet.lags(server, seen.facts().lagSeconds());
    }
  }

  /**
   * Does something once no client's statement is under way, on a thread of its own; and soon, also
   * if one still is.
   */
  public void whenQuiet(Runnable work) {
    Thread.ofVirtual()
        .name("proxy-quiet")
        .start(() -> {
          Deadline deadline = Deadline.after(QUIET_MAX);
          while (proxy.busy() > 0 && !deadline.passed()) {
            LockSupport.parkNanos(QUIET_LOOK.toNanos());
          }
          work.run();
        });
  }

  @Override
  public void close() {
    proxy.close();
  }
}
