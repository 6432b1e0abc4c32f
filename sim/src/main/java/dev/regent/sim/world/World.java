package dev.regent.sim.world;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Host;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.Network;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.kernel.Trace;
import dev.regent.sim.load.DirectClient;
import dev.regent.sim.load.Routes;
import dev.regent.sim.load.SimClient;
import dev.regent.sim.load.Writes;
import dev.regent.sim.mariadb.Fate;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.replication.Source;
import dev.regent.sim.runtime.Clocks;
import dev.regent.sim.runtime.SimManager;
import dev.regent.sim.runtime.SimStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** The map: what exists in a simulated world, and who gets what. */
public final class World {
  private static final long TWIN = 2;
  private static final long FIRST_BASE = 7_000 * Kernel.SECOND;

  private final Setup setup;
  private final Kernel kernel;
  private final Dice dice;
  private final Network network;
  private final SortedMap<ServerId, SimServer> servers = new TreeMap<>();
  private final SortedMap<ServerId, Fate> fates = new TreeMap<>();
  private final List<SimClient> clients = new ArrayList<>();
  private final List<DirectClient> directClients = new ArrayList<>();
  private final Host clientHost;
  private final Routes routes = new Routes();
  private final Writes writes = new Writes();
  private final Disturbances disturbances = new Disturbances(this);
  private final Promises promises;
  private final Accounts accounts;
  private final Surroundings surroundings;
  private final Optional<Elsewhere> elsewhere;
  private final SimManager manager;
  private final Administrator administrator;
  private final Optional<Proxied> proxied;

  public World(Setup setup, Trace trace) {
    this.setup = setup;
    this.kernel = new Kernel(trace);
    trace.timedBy(kernel::now);
    this.dice = Dice.of(setup.seed());
    this.network = new Network(kernel, dice.of("network"));
    long serverId = 0;
    for (ClusterSpec.Server spec : setup.spec().servers()) {
      serverId++;
      add(spec, serverId);
    }
    this.elsewhere =
        setup.aggregating().isPresent()
            ? Optional.of(new Elsewhere(this, process("elsewhere")))
            : Optional.empty();
    this.clientHost = network.host("clients");
    this.promises = new Promises(this);
    this.accounts = new Accounts(this);
    this.surroundings = new Surroundings(this, dice.of("surroundings"));
    this.manager = manager("regent", FIRST_BASE);
    this.administrator = new Administrator(kernel, process("admin"));
    addClients();
    this.proxied =
        setup.proxied().clients() > 0 ? Optional.of(new Proxied(this)) : Optional.empty();
  }

  private SimProcess process(String host) {
    SimProcess process = new SimProcess(kernel, network.host(host));
    return process;
  }

  private void add(ClusterSpec.Server spec, long number) {
    SimServer server =
        new SimServer(
            spec,
            setup.odd(Oddity.TWIN_IDS, spec.id()) ? TWIN : number,
            setup.release(),
            setup.file(),
            network,
            process(spec.id().name()),
            kernel,
            dice.of("server", number),
            this::at);
    server.applyNanos(setup.applyNanos());
    servers.put(spec.id(), server);
    fates.put(spec.id(), new Fate(server, kernel, dice.of("fate", number)));
  }

  private Optional<Source> at(Endpoint address) {
    Optional<Source> member = setup.spec().at(address).map(s -> server(s.id()));
    return member.or(() -> elsewhere.filter(e -> e.is(address)).map(Elsewhere::server));
  }

  private SimManager manager(String name, long base) {
    return new SimManager(
        name,
        setup.spec(),
        kernel,
        process(name),
        new Clocks(kernel, base),
        new SimStore(dice.of("store-" + name)),
        dice.of("manager-" + name),
        surroundings,
        setup.writeProbe());
  }

  SimProcess client() {
    SimProcess process = new SimProcess(kernel, clientHost);
    process.start();
    return process;
  }

  private void addClients() {
    for (int i = 0; i < setup.clients(); i++) {
      clients.add(
          new SimClient(
              client(),
              kernel,
              dice.of("client", i),
              routes,
              writes,
              this::server,
              promises::told,
              setup.habits()));
    }
    for (int i = 0; i < setup.directClients(); i++) {
      directClients.add(
          new DirectClient(
              client(),
              kernel,
              dice.of("direct", i),
              List.copyOf(servers.values()),
              writes,
              promises::told,
              setup.habits()));
    }
  }

  // --- what exists

  public Setup setup() {
    return setup;
  }

  public Kernel kernel() {
    return kernel;
  }

  public Trace trace() {
    return kernel.trace();
  }

  public Dice dice() {
    return dice;
  }

  public Network network() {
    return network;
  }

  public Host clientHost() {
    return clientHost;
  }

  public SortedMap<ServerId, SimServer> servers() {
    return servers;
  }

  public SimServer server(ServerId id) {
    SimServer server = servers.get(id);
    if (server == null) {
      throw new IllegalArgumentException("there is no server " + id);
    }
    return server;
  }

  public Fate fate(ServerId id) {
    Fate fate = fates.get(id);
    if (fate == null) {
      throw new IllegalArgumentException("there is no server " + id);
    }
    return fate;
  }

  public SimManager manager() {
    return manager;
  }

  public Routes routes() {
    return routes;
  }

  public Writes writes() {
    return writes;
  }

  public Promises promises() {
    return promises;
  }

  public Accounts accounts() {
    return accounts;
  }

  public Disturbances disturbances() {
    return disturbances;
  }

  public Surroundings surroundings() {
    return surroundings;
  }

  /** Somebody with all rights, and an SQL prompt. */
  public Administrator administrator() {
    return administrator;
  }

  /** The proxy and its clients, if it has any. */
  public Optional<Proxied> proxied() {
    return proxied;
  }

  /** Nobody writes any more. */
  public void clientsStop() {
    clients.forEach(SimClient::stop);
    directClients.forEach(DirectClient::stop);
    proxied.ifPresent(Proxied::stop);
  }

  // --- the beginning

  /** Starts all servers, lets them replicate, starts the manager and waits for its adoption. */
  public World begin() {
    if (setup.oddities().contains(Oddity.TWIN_IDS)) {
      promises.voided("two servers have the same server id");
    }
    fates.values().forEach(Fate::start);
    elsewhere.ifPresent(Elsewhere::start);
    run(Duration.ofSeconds(1));
    new Foundation(this).lay();
    manager.start();
    clients.forEach(SimClient::start);
    directClients.forEach(DirectClient::start);
    proxied.ifPresent(Proxied::start);
    until("adoption", Duration.ofSeconds(20), () -> routes.target().isPresent());
    run(Duration.ofSeconds(1));
    return this;
  }

  // --- time

  public World run(Duration duration) {
    long end = kernel.now() + duration.toNanos();
    while (kernel.next(end)) {
      promises.afterEvent();
    }
    return this;
  }

  /** Lets time pass until something holds; fails if it does not hold in time. */
  public World until(String what, Duration limit, BooleanSupplier holds) {
    if (!reaches(limit, holds)) {
      throw new BrokenPromise("progress", "not within " + limit.toMillis() + " ms: " + what);
    }
    return this;
  }

  /** Whether something holds within this time. */
  public boolean reaches(Duration limit, BooleanSupplier holds) {
    long end = kernel.now() + limit.toNanos();
    while (!holds.getAsBoolean()) {
      if (!kernel.next(end)) {
        return holds.getAsBoolean();
      }
      promises.afterEvent();
    }
    return true;
  }
}
