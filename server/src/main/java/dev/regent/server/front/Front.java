package dev.regent.server.front;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Observation;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.fleet.Member;
import dev.regent.proxy.net.Proxy;
import dev.regent.proxy.net.Reception;
import dev.regent.proxy.net.Reception.Spaces;
import dev.regent.proxy.net.Seats;
import dev.regent.proxy.net.ServerTls;
import dev.regent.proxy.net.Servers;
import dev.regent.proxy.net.SharedBudget;
import dev.regent.proxy.net.SharedFleet;
import dev.regent.proxy.net.SharedGuests;
import dev.regent.proxy.net.Transport;
import dev.regent.proxy.session.Door;
import dev.regent.proxy.session.Door.Encryption;
import dev.regent.proxy.session.Guests;
import dev.regent.proxy.session.Pooling;
import dev.regent.proxy.session.Replaying;
import dev.regent.proxy.session.Settings;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Tls;
import dev.regent.server.front.FrontSettings.ClientTls;
import dev.regent.server.steps.Clients;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The daemon's proxy: one, with all listeners of the configuration. */
public final class Front implements Clients, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Front.class);

  /**
   * Statements of clients are short, also on a busy machine; those that are not would hold up a
   * role change for long.
   */
  private static final Duration QUIET_MAX = Duration.ofSeconds(1);

  private static final Duration QUIET_LOOK = Duration.ofMillis(1);

  /** Of statements of open transactions, in all: the daemon is a small process. */
  private static final long MEMORY_MAX = 32 << 20;

  private final Proxy proxy;
  private final SharedFleet fleet;
  private final Counter counter;
  private final List<InetSocketAddress> addresses = new ArrayList<>();
  private final Silence silence = new Silence();
  private volatile Optional<ServerId> primary = Optional.empty();
  private final boolean toServers;
  private final boolean believed;
  private final boolean certified;

  private Front(
      FrontSettings settings,
      Map<ServerId, Dialer> dialers,
      Servers servers,
      Consumer<ServerId> suspected) {
    Map<ServerId, Member> members = new LinkedHashMap<>();
    dialers
        .keySet()
        .forEach(id -> members.put(id, settings.members().getOrDefault(id, Member.USUAL)));
    fleet = new SharedFleet(members);
    AccountReader accounts =
        new AccountReader(() -> primary.map(dialers::get), settings.passwords());
    Transport transport = Transport.best();
    int loops =
        settings.loops() == FrontSettings.EACH_PROCESSOR
            ? Runtime.getRuntime().availableProcessors()
            : settings.loops();
    proxy = new Proxy(servers, fleet, accounts, transport, loops);
    counter = new FrontCounter(proxy, dialers, () -> primary);
    toServers = servers.tls().isPresent();
    believed = servers.tls().filter(ServerTls::isStrict).isPresent();
    certified = servers.tls().filter(ServerTls::isCertified).isPresent();
    proxy.onLoss(new Suspicion(suspected, System::nanoTime));
    LOG.info("proxy: {}, {} event loop(s)", transport, loops);
  }

  /**
   * Clients may come when this returns; they wait for the first table.
   *
   * @param tls on connections to servers
   * @param suspected told when a server breaks connections, not more often than is of use; must not
   *     block
   * @throws IOException an address cannot be had, or a file not be read; nothing listens then
   */
  public static Front open(
      FrontSettings settings, Map<ServerId, Dialer> dialers, Tls tls, Consumer<ServerId> suspected)
      throws IOException {
    Map<ServerId, Endpoint> addresses = new LinkedHashMap<>();
    dialers.forEach((id, dialer) -> addresses.put(id, dialer.address()));
    Front front;
    try {
      Servers servers = new Servers(addresses, Certificates.forServers(tls));
      front = new Front(settings, dialers, servers, suspected);
    } catch (GeneralSecurityException e) {
      throw new IOException("[tls]: " + e.getMessage(), e);
    }
    try {
      Replaying replaying =
          new Replaying(settings.replayMax(), Replaying.ATTEMPTS_MAX, new SharedBudget(MEMORY_MAX));
      for (FrontSettings.Listener listener : settings.listeners()) {
        InetSocketAddress wanted = new InetSocketAddress(listener.address(), listener.port());
        front.addresses.add(
            front.proxy.listen(wanted, front.reception(listener, settings, replaying)));
      }
      return front;
    } catch (IOException e) {
      front.close();
      throw e;
    }
  }

  private Reception reception(
      FrontSettings.Listener listener, FrontSettings settings, Replaying replaying)
      throws IOException {
    Seats seats = new Seats(listener.room().all(), listener.room().queue());
    Spaces spaces = new Spaces(listener.pool().max(), listener.pool().time());
    if (listener.tls().isEmpty()) {
      Door door = new Door(Encryption.NONE, toServers, believed, false, certified);
      Settings plain = granted(listener, settings, replaying, door);
      return new Reception(
          plain, Optional.empty(), seats, listener.proxyProtocol(), listener.believed(), spaces);
    }
    ClientTls tls = listener.tls().get();
    Encryption offer = tls.required() ? Encryption.REQUIRED : Encryption.OFFERED;
    Door door = new Door(offer, toServers, believed, tls.authority().isPresent(), certified);
    try {
      SSLContext shown = Certificates.forClients(tls);
      Settings secret = granted(listener, settings, replaying, door);
      return new Reception(
          secret, Optional.of(shown), seats, listener.proxyProtocol(), listener.believed(), spaces);
    } catch (GeneralSecurityException e) {
      throw new IOException("[[listener]] port " + listener.port() + ": " + e.getMessage(), e);
    }
  }

  private static Settings granted(
      FrontSettings.Listener listener, FrontSettings settings, Replaying replaying, Door door) {
    Replaying wanted = listener.commitToken().map(replaying::deciding).orElse(replaying);
    Guests guests =
        listener.room().perUser() > 0 ? new SharedGuests(listener.room().perUser()) : Guests.ANY;
    Pooling pooling =
        new Pooling(
            listener.pool().max() > 0,
            settings.listeners().stream().anyMatch(other -> other.pool().max() > 0));
    return new Settings(
        settings.hold(), listener.kind(), listener.reads(), wanted, door, guests, pooling);
  }

  public List<InetSocketAddress> addresses() {
    return List.copyOf(addresses);
  }

  /** Where operators see and stop sessions. */
  public Counter counter() {
    return counter;
  }

  /** How many clients are there. */
  public int sessions() {
    return proxy.sessions();
  }

  /** So long after a connection to a server was lost, the controller heard of it. */
  public void suspected(Duration after) {
    proxy.counters().suspected(after);
  }

  public void publish(RoutingTable table) {
    if (table.primary().isPresent()) {
      primary = table.primary();
    }
    proxy.publish(table);
  }

  /**
   * What the monitor saw: readers keep away from a replica that lags, and do not wait for one that
   * says nothing any more. One thread at a time may tell of one server.
   */
  public void observed(ServerId server, Observation observation) {
    if (silence.observed(server, observation)) {
      LOG.info("proxy: {} says nothing; what waits for it is read elsewhere", server);
      proxy.silent(server);
    }
    if (observation instanceof Observation.Seen seen) {
      seen.facts()
          .lagSeconds()
          .ifPresentOrElse(seconds -> fleet.lags(server, seconds), () -> fleet.lagsUnknown(server));
    }
  }

  @Override
  public Duration quietMax() {
    return QUIET_MAX;
  }

  /** Waits until no client's statement is under way; and not for long, if one still is. */
  @Override
  public void awaitQuiet() throws InterruptedException {
    Deadline deadline = Deadline.after(QUIET_MAX);
    while (proxy.busy() > 0 && !deadline.passed()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("while clients were waited for");
      }
      LockSupport.parkNanos(QUIET_LOOK.toNanos());
    }
  }

  @Override
  public void close() {
    proxy.close();
  }
}
