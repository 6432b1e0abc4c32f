package dev.regent.sim.world;

import dev.regent.core.model.RoutingTable;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.proxied.ProxiedClient;
import dev.regent.sim.proxied.SimProxy;
import dev.regent.sim.proxied.Way;
import dev.regent.sim.runtime.SimManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The manager's proxy and its clients, and what must hold of them at the end. */
public final class Proxied implements Surroundings.Watcher {
  /** After the hold, for a client that begins anew. */
  private static final Duration AND_SOME = Duration.ofSeconds(30);

  /** Mostly those of whose reads something is promised. */
  private static final List<Way> READERS =
      List.of(Way.SESSION, Way.SESSION, Way.SESSION, Way.GLOBAL, Way.GLOBAL, Way.CARELESS);

  private static final double POOLED = 0.4;

  private static final long NEVER = 100_000 * Kernel.SECOND;

  private final World world;
  private final SimProxy proxy;
  private final List<ProxiedClient> clients = new ArrayList<>();

  Proxied(World world) {
    this.world = world;
    Setup setup = world.setup();
    Duration hold = setup.proxied().hold();
    this.proxy =
        new SimProxy(
            world.manager(),
            world.kernel(),
            world.network(),
            world.dice().of("proxy"),
            world.servers(),
            (promise, words) -> {
              throw new BrokenPromise(promise, words);
            },
            world.surroundings()::met,
            hold,
            poolMax());
    for (int i = 0; i < setup.proxied().clients(); i++) {
      clients.add(
          new ProxiedClient(
              world.client(),
              world.kernel(),
              world.dice().of("proxied", i),
              proxy,
              world.writes(),
              world.promises()::told,
              world.promises()::kept,
              setup.habits(),
              // Every other one waits as long as it takes: a session that hangs shows there.
              i % 2 == 0 ? NEVER : hold.plusSeconds(10).toNanos(),
              way(i)));
    }
    world.surroundings().watch(this);
  }

  /** On some days links go from one session to another. */
  private int poolMax() {
    Dice own = world.dice().of("pool");
    return own.chance(POOLED) ? (int) own.between(1, 4) : 0;
  }

  /** The last ones read at replicas. */
  private Way way(int number) {
    Setup.Proxied setup = world.setup().proxied();
    if (number < setup.clients() - setup.readers()) {
      return Way.PRIMARY;
    }
    return world.dice().of("way", number).pick(READERS);
  }

  void start() {
    clients.forEach(ProxiedClient::start);
  }

  void stop() {
    clients.forEach(ProxiedClient::stop);
  }

  @Override
  public void published(SimManager manager, RoutingTable table) {
    proxy.published(table);
  }

  /** All is as it should be, so everybody gets on, and nobody is kept waiting. */
  public void demandProgress() {
    Duration limit = world.setup().proxied().hold().plus(AND_SOME);
    List<Long> before = clients.stream().map(ProxiedClient::successes).toList();
    boolean all = world.reaches(limit, () -> stuck(before).isEmpty());
    if (!all) {
      throw new BrokenPromise(
          "progress",
          "clients of the proxy write nothing: " + stuck(before) + "; it owes " + proxy.owed());
    }
  }

  private List<String> stuck(List<Long> before) {
    List<String> stuck = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      if (clients.get(i).successes() == before.get(i)) {
        stuck.add("client " + i + " waits for '" + clients.get(i).waitsFor() + "'");
      }
    }
    return stuck;
  }

  /** Nobody writes any more: what was told not to be there is nowhere. */
  public void compareContents() {
    for (SimServer server : world.servers().values()) {
      BitSet wrong = proxy.ledger().failed();
      wrong.and(server.engine().rows());
      if (!wrong.isEmpty()) {
        throw new BrokenPromise(
            "told truly", server.id() + " has " + wrong + ", told not to be executed");
      }
    }
  }
}
