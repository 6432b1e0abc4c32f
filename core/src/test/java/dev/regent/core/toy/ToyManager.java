package dev.regent.core.toy;

import dev.regent.core.control.Command;
import dev.regent.core.control.Controller;
import dev.regent.core.control.Effect;
import dev.regent.core.control.Event;
import dev.regent.core.control.Input;
import dev.regent.core.control.Ledger;
import dev.regent.core.control.Picture;
import dev.regent.core.control.Reply;
import dev.regent.core.model.Check;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.Moment;
import dev.regent.core.model.Observation;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Keeping;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting;
import dev.regent.core.plan.Step;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A runtime for the controller in the time of the toy: probes, executes, stores, publishes. It can
 * die at any of these acts and be started again on what it stored.
 */
public final class ToyManager {
  private static final long TICK_MILLIS = 100;

  /** A step in flight. */
  private record Flight(long plan, int number, Step step, long sinceMillis) {}

  private record Waiting(long dueMillis, Runnable action) {}

  private final ToyCluster cluster;
  private final ToySteps steps;
  private final Deaths deaths = new Deaths();
  private final List<Flight> flights = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final Deque<Input> inbox = new ArrayDeque<>();
  private final Map<ServerId, Boolean> probing = new TreeMap<>();
  private final Map<ServerId, Boolean> held = new TreeMap<>();
  private final Map<Long, Reply> replies = new TreeMap<>();
  private final List<String> trail = new ArrayList<>();
  private final List<Step> executed = new ArrayList<>();
  private ClusterRecord record;
  private Optional<Controller> controller = Optional.empty();
  private Optional<Picture> picture = Optional.empty();
  private RoutingTable routing = RoutingTable.closed();
  private int heard;
  private long nextOrder;
  private int life;

  ToyManager(ToyCluster cluster, ClusterRecord record) {
    this.cluster = cluster;
    this.steps = new ToySteps(cluster);
    this.record = record;
  }

  public ToySteps steps() {
    return steps;
  }

  public Deaths deaths() {
    return deaths;
  }

  public ClusterRecord record() {
    return record;
  }

  public Picture picture() {
    return picture.orElseThrow();
  }

  public RoutingTable routing() {
    return routing;
  }

  /** Steps in the order in which they took effect. */
  public List<Step> executed() {
    return List.copyOf(executed);
  }

  public boolean executed(Class<? extends Step> kind) {
    return executed.stream().anyMatch(kind::isInstance);
  }

  public List<String> trail() {
    return List.copyOf(trail);
  }

  /** Whether it told this since {@link #listen}, or ever. */
  public boolean told(String part) {
    return trail.subList(heard, trail.size()).stream().anyMatch(l -> l.contains(part));
  }

  /** From here on counts what is told. */
  public void listen() {
    heard = trail.size();
  }

  public boolean alive() {
    return controller.isPresent();
  }

  // --- life and death

  public void start() {
    life++;
    deaths.back();
    controller = Optional.of(new Controller(cluster.spec(), record, now()));
    carryOut(controller.get().start());
    int thisLife = life;
    for (int i = 0; i < cluster.spec().servers().size(); i++) {
      rhythm(cluster.spec().servers().get(i).id(), 7L * i, thisLife);
    }
  }

  /** Dies at once: what was sent is on its way or lost, what was stored is stored. */
  public void die() {
    trail.add(stamp() + "*** the manager dies");
    controller = Optional.empty();
    List<Flight> left = List.copyOf(flights);
    flights.clear();
    waiting.clear();
    inbox.clear();
    probing.clear();
    held.clear();
    if (deaths.lastStepsLand()) {
      left.forEach(f -> steps.attempt(f.step(), false).ifPresent(o -> executed.add(f.step())));
    }
  }

  private Moment now() {
    return new Moment(cluster.nowMillis() * 1_000_000L, cluster.nowMillis());
  }

  private String stamp() {
    return String.format(Locale.ROOT, "%8.3f ", cluster.nowMillis() % 1_000_000 / 1e3);
  }

  // --- time

  void tick() {
    if (controller.isEmpty()) {
      if (deaths.restartDue(cluster.nowMillis())) {
        start();
      }
      return;
    }
    watchConnections();
    for (Waiting w : List.copyOf(waiting)) {
      if (w.dueMillis() <= cluster.nowMillis() && waiting.remove(w)) {
        w.action().run();
      }
    }
    if (cluster.nowMillis() % TICK_MILLIS == 0) {
      post(new Input.Tick(now()));
    }
    fly();
    drainInbox();
  }

  private void later(long millis, Runnable action) {
    waiting.add(new Waiting(cluster.nowMillis() + millis, action));
  }

  private void post(Input input) {
    Reached.input(input);
    inbox.add(input);
  }

  private void drainInbox() {
    while (!inbox.isEmpty() && controller.isPresent()) {
      Input input = inbox.poll();
      if (input instanceof Input.StepEnded && deaths.here(cluster.nowMillis())) {
        die();
        return;
      }
      List<Effect> effects = controller.get().step(input);
      if (input instanceof Input.StepEnded && deaths.here(cluster.nowMillis())) {
        die();
        return;
      }
      carryOut(effects);
    }
  }

  // --- observing

  /** The process of a held connection is gone: the fastest signal of a crash. */
  private void watchConnections() {
    for (ToyServer server : cluster.servers()) {
      boolean holds = server.process != ToyServer.Life.DOWN;
      boolean before = held.getOrDefault(server.id(), false);
      held.put(server.id(), holds);
      if (before && !holds && cluster.connected(ToyCluster.MANAGER, server.id())) {
        post(new Input.ConnectionLost(server.id(), now()));
      }
    }
  }

  private void rhythm(ServerId server, long delayMillis, int ofLife) {
    later(
        delayMillis,
        () -> {
          if (life == ofLife) {
            probe(server);
            rhythm(server, cluster.spec().policy().detection().interval().toMillis(), ofLife);
          }
        });
  }

  /** At most one probe of a server is under way; one more is remembered. */
  private void probe(ServerId server) {
    if (probing.containsKey(server)) {
      probing.put(server, true);
      return;
    }
    probing.put(server, false);
    later(1, () -> answered(server));
  }

  private void answered(ServerId id) {
    ToyServer server = cluster.server(id);
    if (server.process == ToyServer.Life.DOWN && cluster.connected(ToyCluster.MANAGER, id)) {
      observed(id, missed(Observation.Kind.REFUSED));
    } else if (!server.up() || !cluster.connected(ToyCluster.MANAGER, id)) {
      long timeout = cluster.spec().policy().detection().probeTimeout().toMillis();
      later(timeout - 1, () -> observed(id, missed(Observation.Kind.TIMEOUT)));
    } else if (server.refuses.isPresent()) {
      observed(id, missed(server.refuses.get()));
    } else {
      // Facts take longer than a refusal.
      later(1, () -> observed(id, seen(server)));
    }
  }

  private Observation seen(ToyServer server) {
    return server.up()
        ? new Observation.Seen(
            server.facts(cluster.clients(server), cluster.nowMillis()), now(), Duration.ofMillis(2))
        : missed(Observation.Kind.RESET);
  }

  private Observation missed(Observation.Kind kind) {
    return new Observation.Missed(kind, kind.name(), now());
  }

  private void observed(ServerId server, Observation observation) {
    boolean again = Boolean.TRUE.equals(probing.remove(server));
    post(new Input.Observed(server, observation));
    if (again) {
      probe(server);
    }
  }

  // --- ordering

  public long order(Command command) {
    nextOrder++;
    post(new Input.Ordered(nextOrder, command, now()));
    return nextOrder;
  }

  public Optional<Reply> reply(long order) {
    return Optional.ofNullable(replies.get(order));
  }

  /** A connection broke that is not the manager's own, perhaps for no reason. */
  public void suspect(ServerId server) {
    post(new Input.ConnectionLost(server, now()));
  }

  public void storeFails() {
    post(new Input.StoreFailed("the disk is full", now()));
  }

  // --- acting

  private void carryOut(List<Effect> effects) {
    for (Effect effect : effects) {
      if (controller.isPresent()) {
        carryOut(effect);
      }
    }
  }

  private void carryOut(Effect effect) {
    Reached.effect(effect);
    switch (effect) {
      case Effect.Store e -> store(e);
      case Effect.Execute e -> execute(e);
      case Effect.ProbeNow e -> probe(e.server());
      case Effect.Publish e -> publish(e.table());
      case Effect.Show e -> picture = Optional.of(e.picture());
      case Effect.Tell e -> tell(e.event());
      case Effect.Answer e ->
          Check.that(replies.put(e.id(), e.reply()) == null, "answered twice: " + e);
    }
  }

  private void store(Effect.Store store) {
    record = Ledger.apply(record, store.entries());
    if (!store.lazy() && deaths.here(cluster.nowMillis())) {
      die();
    } else {
      carryOut(store.then());
    }
  }

  private void execute(Effect.Execute e) {
    Check.that(!e.step().mutates() || intended(e), "no stored intent for: " + e.step().sentence());
    Check.that(
        !(e.step() instanceof Keeping.SetSemiSyncReplica s && s.on()) || listed(s.server()),
        "may acknowledge before it is listed: " + e.step().server());
    flights.add(new Flight(e.plan(), e.number(), e.step(), cluster.nowMillis()));
    if (deaths.here(cluster.nowMillis())) {
      die();
    }
  }

  private boolean listed(ServerId server) {
    return record.syncSet().contains(server);
  }

  private boolean intended(Effect.Execute e) {
    return record
        .plan()
        .filter(p -> p.id() == e.plan())
        .filter(p -> p.intents().contains(e.step().sentence()))
        .isPresent();
  }

  private void publish(RoutingTable table) {
    Check.that(
        table.epoch() >= routing.epoch(), "epoch goes back from " + routing + " to " + table);
    Check.that(
        !opens(table) || takesWrites(table.primary().orElseThrow()),
        "clients are sent to a closed server: " + table);
    routing = table;
    if (deaths.here(cluster.nowMillis())) {
      die();
    }
  }

  /** What a server that is gone would answer is nobody's fault. */
  private boolean takesWrites(ServerId primary) {
    return !cluster.server(primary).up() || !cluster.server(primary).readOnly();
  }

  /** Clients are let in now, and were not before. */
  private boolean opens(RoutingTable table) {
    boolean before = routing.primary().equals(table.primary()) && !routing.writesHeld();
    return table.primary().isPresent() && !table.writesHeld() && !before;
  }

  private void tell(Event event) {
    trail.add(stamp() + event.sentence());
  }

  // --- executing: changes of one server go one after the other, looks and hooks beside them

  private void fly() {
    List<ServerId> busy = new ArrayList<>();
    for (Flight flight : List.copyOf(flights)) {
      boolean queues = flight.step().mutates() && !(flight.step() instanceof Promoting.RunHook);
      boolean mayGo = !queues || !busy.contains(flight.step().server());
      Optional<Outcome> outcome =
          mayGo && cluster.nowMillis() > flight.sinceMillis() ? attempt(flight) : Optional.empty();
      if (outcome.isPresent()) {
        flights.remove(flight);
        executed.add(flight.step());
        post(new Input.StepEnded(flight.plan(), flight.number(), outcome.get(), now()));
      } else if (queues) {
        busy.add(flight.step().server());
      }
    }
  }

  private Optional<Outcome> attempt(Flight flight) {
    long deadline = flight.sinceMillis() + flight.step().deadline().toMillis();
    return steps.attempt(flight.step(), cluster.nowMillis() >= deadline);
  }
}
