package dev.regent.sim.proxied;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.auth.Account;
import dev.regent.proxy.auth.Accounts;
import dev.regent.proxy.auth.HostPattern;
import dev.regent.proxy.session.Door;
import dev.regent.proxy.session.Replaying;
import dev.regent.proxy.session.Session;
import dev.regent.proxy.session.Settings;
import dev.regent.proxy.wire.Seed;
import dev.regent.sim.kernel.Connection;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.Network;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.mariadb.ByteFront;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.runtime.SimManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The proxy of a manager: in the same process, so that it dies and freezes with it, and told of
 * each routing table as the daemon tells it, each session a moment later on its own event loop.
 */
public final class SimProxy implements Network.Listener {
  private static final long LOOP_LEAST = 10 * Kernel.MICROSECOND;
  private static final long LOOP_USUAL = 100 * Kernel.MICROSECOND;

  /** Where a write went that no server has executed. */
  static final ServerId NOWHERE = new ServerId("nowhere");

  private static final Accounts ACCOUNTS =
      new Accounts(
          "11.4.5-MariaDB",
          45,
          true,
          List.of(
              new Account(
                  "app",
                  new HostPattern("%"),
                  Optional.of(new Account.Password.Native(ByteFront.PASSWORD)),
                  false)));

  private final SimManager manager;
  private final Kernel kernel;
  private final Network network;
  private final Dice dice;
  private final Function<ServerId, SimServer> servers;
  private final Judge judge;
  private final Ledger ledger;
  private final Settings settings;
  private final List<ProxySide> sides = new ArrayList<>();
  private RoutingTable table = RoutingTable.closed();
  private int life;
  private long sessions;
  private long lastTold;

  public SimProxy(
      SimManager manager,
      Kernel kernel,
      Network network,
      Dice dice,
      Function<ServerId, SimServer> servers,
      Judge judge,
      Consumer<Ledger.Happening> watcher,
      Duration hold) {
    this.manager = manager;
    this.kernel = kernel;
    this.network = network;
    this.dice = dice;
    this.servers = servers;
    this.judge = judge;
    this.ledger = new Ledger(judge, watcher);
    this.settings = new Settings(hold, Replaying.standard(), Door.PLAIN);
  }

  public Ledger ledger() {
    return ledger;
  }

  Network network() {
    return network;
  }

  Judge judge() {
    return judge;
  }

  long now() {
    return kernel.now();
  }

  SimServer server(ServerId id) {
    return servers.apply(id);
  }

  Session session(Seed seed, RoutingTable known) {
    sessions++;
    return new Session(
        settings,
        HostPattern.Peer.at("10.1.2.3"),
        0x8000_0000L + sessions,
        seed,
        () -> ACCOUNTS,
        known);
  }

  // --- clients

  @Override
  public SimProcess process() {
    return manager.process();
  }

  @Override
  public boolean listening() {
    return manager.alive();
  }

  /** Nothing to do before the client is there to hear the greeting. */
  @Override
  public void accept(Connection connection) {}

  /** Greets a client; it runs in the proxy's process. Returns where its bytes go. */
  Consumer<byte[]> open(Connection connection, Consumer<byte[]> toClient) {
    live();
    ProxySide side =
        new ProxySide(this, connection.server(), toClient, dice.of("session", sessions + 1), table);
    sides.add(side);
    side.begin();
    return side::receive;
  }

  void leave(ProxySide side) {
    sides.remove(side);
  }

  /** What an earlier life knew is gone. */
  private void live() {
    if (life != manager.lives()) {
      life = manager.lives();
      sides.clear();
      table = RoutingTable.closed();
      lastTold = 0;
    }
  }

  // --- the manager

  /** Called inside the manager's process. */
  public void published(RoutingTable newer) {
    live();
    table = newer;
    for (ProxySide side : List.copyOf(sides)) {
      // One after the other, and no table before an older one.
      lastTold = Math.max(lastTold, kernel.now() + dice.tailed(LOOP_LEAST, LOOP_USUAL));
      process().after(lastTold - kernel.now(), () -> side.routed(newer));
    }
  }

  // --- looking at it

  /** Sessions that keep their clients waiting. */
  public List<String> owed() {
    live();
    return manager.alive()
        ? sides.stream().map(ProxySide::owed).filter(o -> !o.isEmpty()).toList()
        : List.of();
  }
}
