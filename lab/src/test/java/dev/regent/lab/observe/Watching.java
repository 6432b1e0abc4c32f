package dev.regent.lab.observe;

import static org.awaitility.Awaitility.await;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Observation;
import dev.regent.core.model.Observation.Missed;
import dev.regent.core.model.Observation.Seen;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.ServerPlace;
import dev.regent.server.connect.Account;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Tls;
import dev.regent.server.observe.Sentinel;
import dev.regent.server.observe.ServerWatch;
import dev.regent.server.observe.ServerWatch.Rhythm;
import dev.regent.server.observe.WriteProbe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** One watched server, and everything that was seen of it. */
final class Watching implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofMillis(500);
  private static final Rhythm RHYTHM = new Rhythm(Duration.ofMillis(50), TIMEOUT);
  private static final ServerId SERVER = new ServerId("server");

  private final List<Observation> all = new CopyOnWriteArrayList<>();
  private final List<Long> losses = new CopyOnWriteArrayList<>();
  private final Dialer dialer;
  private final Sentinel sentinel;
  private final WriteProbe writes;
  private final ServerWatch watch;

  Watching(int port, Accounts.Account account, Tls tls) {
    dialer =
        new Dialer(
            new Endpoint(ServerPlace.HOST, port),
            new Account(account.user(), account.password()),
            tls);
    sentinel = new Sentinel(SERVER, dialer, () -> losses.add(System.nanoTime()));
    writes = new WriteProbe(SERVER, dialer, Duration.ofSeconds(1));
    watch = new ServerWatch(SERVER, dialer, RHYTHM, sentinel, writes, all::add);
    sentinel.start();
    writes.start();
    watch.start();
  }

  Watching(int port, Accounts.Account account) {
    this(port, account, Tls.OFF);
  }

  void asPrimary() {
    watch.primary(true);
  }

  void probeNow() {
    watch.probeNow();
  }

  List<Long> connections() {
    return dialer.openConnections();
  }

  List<Long> losses() {
    return losses;
  }

  /** Forgets what was seen; what comes from now on is news. */
  Watching anew() {
    all.clear();
    return this;
  }

  List<Observation> all() {
    return all;
  }

  ServerFacts awaitFacts(Predicate<ServerFacts> wanted) {
    return await()
        .until(
            () ->
                all.stream()
                    .filter(Seen.class::isInstance)
                    .map(o -> ((Seen) o).facts())
                    .filter(wanted)
                    .findFirst(),
            found -> found.isPresent())
        .orElseThrow();
  }

  ServerFacts awaitSeen() {
    return awaitFacts(facts -> true);
  }

  Missed awaitMissed() {
    return await()
        .until(
            () -> all.stream().filter(Missed.class::isInstance).map(Missed.class::cast).findFirst(),
            found -> found.isPresent())
        .orElseThrow();
  }

  /** Both the probe's connection and the sentinel's. */
  Watching awaitSettled() {
    awaitSeen();
    await().until(() -> connections().size() >= 2);
    return this;
  }

  @Override
  public void close() {
    watch.close();
    sentinel.close();
    writes.close();
  }
}
