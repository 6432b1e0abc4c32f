package dev.regent.sim.proxied;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.auth.Account;
import dev.regent.proxy.auth.Accounts;
import dev.regent.proxy.auth.HostPattern;
import dev.regent.proxy.fleet.Fleet;
import dev.regent.proxy.fleet.Member;
import dev.regent.proxy.net.SharedFleet;
import dev.regent.proxy.session.Session;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * The proxy of a manager: in the same process, so that it dies and freezes with it, and told of
 * each routing table as the daemon tells it, each session a moment later on its own event loop.
 */
public final class SimProxy implements Network.Listener {
  private static final long LOOP_LEAST = 10 * Kernel.MICROSECOND;
  private static final long LOOP_USUAL = 100 * Kernel.MICROSECOND;

  private static final long POOL_TIME = 20 * Kernel.SECOND;

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
  private final SortedMap<ServerId, SimServer> servers;
  private final Judge judge;
  private final Ledger ledger;
  private final Duration hold;
  private final List<ProxySide> sides = new ArrayList<>();
  private final Lot lot;
  private RoutingTable table = RoutingTable.closed();
  private Fleet fleet;

  /** Rows that were acknowledged in this life, to those who read what others write. */
  private List<Long> shared = new ArrayList<>();

  private int life;
  private long sessions;
  private long lastTold;

  public SimProxy(
      SimManager manager,
      Kernel kernel,
      Network network,
      Dice dice,
      SortedMap<ServerId, SimServer> servers,
      Judge judge,
      Consumer<Ledger.Happening> watcher,
      Duration hold,
      int poolMax) {
    this.manager = manager;
    this.kernel = kernel;
    this.network = network;
    this.dice = dice;
    this.servers = servers;
    this.judge = judge;
    this.ledger = new Ledger(judge, watcher);
    this.hold = hold;
    this.fleet = fleet();
    this.lot = new Lot(this, poolMax, POOL_TIME);
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
    return Objects.requireNonNull(servers.get(id));
  }

  private Fleet fleet() {
    Map<ServerId, Member> members = new LinkedHashMap<>();
    servers.keySet().forEach(id -> members.put(id, Member.USUAL));
    return new SharedFleet(members);
  }

  Session session(Way way, Seed seed, RoutingTable known) {
    sessions++;
    return new Session(
        way.settings(hold, lot.pools()),
        HostPattern.Peer.at("10.1.2.3"),
        0x8000_0000L + sessions,
        seed,
        () -> ACCOUNTS,
        fleet,
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
  Consumer<byte[]> open(Connection connection, Consumer<byte[]> toClient, Reader reader) {
    live();
    Dice chance = dice.of("session", sessions + 1);
    ProxySide side = new ProxySide(this, connection.server(), toClient, reader, chance, table);
    sides.add(side);
    reader.begins(shared);
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
      lot.clear();
      fleet = fleet();
      shared = new ArrayList<>();
      table = RoutingTable.closed();
      lastTold = 0;
    }
  }

  // --- the manager

  /** Called inside the manager's process. */
  public void published(RoutingTable newer) {
    live();
    table = newer;
    lot.routed();
    for (ProxySide side : List.copyOf(sides)) {
      // One after the other, and no table before an older one.
      lastTold = Math.max(lastTold, kernel.now() + dice.tailed(LOOP_LEAST, LOOP_USUAL));
      process().after(lastTold - kernel.now(), () -> side.routed(newer));
    }
  }

  // --- looking at it

  RoutingTable table() {
    return table;
  }

  boolean leads(ServerId server) {
    return table.primary().filter(server::equals).isPresent();
  }

  Lot lot() {
    return lot;
  }

  /** Sessions that keep their clients waiting. */
  public List<String> owed() {
    live();
    return manager.alive()
        ? sides.stream().map(ProxySide::owed).filter(o -> !o.isEmpty()).toList()
        : List.of();
  }
}
