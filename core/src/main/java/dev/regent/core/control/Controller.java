package dev.regent.core.control;

import dev.regent.core.analyze.Analyzer;
import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.analyze.Guarantor;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Moment;
import dev.regent.core.model.Observation;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.model.Snapshot.View;
import dev.regent.core.plan.Decision;
import dev.regent.core.plan.Note;
import dev.regent.core.plan.Planner;
import dev.regent.core.plan.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The only door into the core: every change of state is an input, every act an effect.
 *
 * <h2>One step</h2>
 *
 * <p>An input first changes what is known. Then the snapshot is diagnosed and decided anew; if no
 * plan is at work, the first act that is due becomes one. A plan's intents are stored before its
 * steps are sent. Effects are carried out by the runtime, outcomes come back as inputs.
 *
 * <h2>Threads</h2>
 *
 * <p>Not thread-safe: one thread owns it. It never blocks and reads no clock.
 */
public final class Controller {
  /** While the primary is missing, witnesses are asked again at once, but only for this long. */
  private static final Duration URGENT = Duration.ofSeconds(2);

  private static final Duration SIGHTING_INTERVAL = Duration.ofSeconds(2);

  private final ClusterSpec spec;
  private final Watchlist watchlist;
  private final Newsroom newsroom;
  private final Routing routing;
  private final Patience patience = new Patience();
  private final PlanHost host = new PlanHost();
  private final Orders orders = new Orders(this);
  private final List<Effect> effects = new ArrayList<>();
  private ClusterRecord record;
  private Moment now;
  private Optional<Moment> sighted = Optional.empty();
  private Optional<Engine> engine = Optional.empty();
  private Optional<ServerId> leaving = Optional.empty();
  private Optional<Diagnosis> cause = Optional.empty();
  private Optional<String> storeTrouble = Optional.empty();
  private long nextPlan;
  private List<Diagnosis> diagnoses = List.of();

  public Controller(ClusterSpec spec, ClusterRecord record, Moment now) {
    this.spec = spec;
    this.record = record;
    this.now = now;
    this.watchlist = new Watchlist(spec, record, now);
    this.newsroom = new Newsroom();
    this.nextPlan = now.millis();
    this.routing = new Routing(record.epoch());
  }

  /** Takes office: to be called once, before any step. */
  public List<Effect> start() {
    store(List.of(new Entry.TookOffice(now.millis())), List.of());
    tell(new Event.Started(now.millis(), spec.name(), record.incarnation(), record.epoch()));
    spec.servers().forEach(s -> look(s.id()));
    return flush();
  }

  public List<Effect> step(Input input) {
    now = input.at();
    switch (input) {
      case Input.Observed i -> observed(i);
      case Input.ConnectionLost i -> connectionLost(i.server());
      case Input.StepEnded i -> stepEnded(i);
      case Input.StoreFailed i -> storeFailed(i.reason());
      case Input.Ordered i -> orders.received(i);
      case Input.Tick i -> {}
    }
    orders.advance();
    if (input instanceof Input.StepEnded && engine.isPresent()) {
      // In the middle of a plan nothing is decided that the next observation could not decide.
      route();
    } else {
      evaluate();
    }
    return flush();
  }

  private List<Effect> flush() {
    List<Effect> result = List.copyOf(effects);
    effects.clear();
    return result;
  }

  // --- learning

  private void observed(Input.Observed input) {
    ServerId server = input.server();
    boolean before = watchlist.view(server).reachable();
    boolean first = watchlist.view(server).latest().isEmpty();
    watchlist.observe(server, input.observation(), record);
    orders.observed(server, input.observation());
    patience.observed(server, now);
    if (patience.awaited(now).contains(server)) {
      look(server);
    }
    switch (input.observation()) {
      case Observation.Missed m -> {
        if (before || first) {
          tell(new Event.Contact(now.millis(), server, false, m.detail()));
        }
      }
      case Observation.Seen s -> {
        if (!before) {
          tell(new Event.Contact(now.millis(), server, true, ""));
        }
      }
    }
    hurry(server, input.observation());
  }

  /** On suspicion everybody who can testify is asked at once; the verdict waits for no rhythm. */
  private void hurry(ServerId server, Observation observation) {
    Optional<View> primary = record.reign().map(r -> watchlist.view(r.primary()));
    if (primary.isEmpty()) {
      return;
    }
    View view = primary.get();
    boolean urgent =
        view.missingSince().isPresent()
            && now.since(view.missingSince().get()).compareTo(URGENT) < 0;
    if (server.equals(view.id())) {
      if (observation instanceof Observation.Missed m && m.kind().crash() && urgent) {
        if (view.misses() < spec.policy().detection().confirmations()) {
          look(server);
        }
      }
      if (observation instanceof Observation.Missed && urgent) {
        others().forEach(v -> look(v.id()));
      }
      return;
    }
    boolean lostIt =
        watchlist.view(server).witness().isPresent()
            && watchlist.view(server).facts().filter(this::receivesNothing).isPresent();
    if (lostIt && view.reachable()) {
      look(view.id());
    }
    boolean stillConnected = watchlist.view(server).witness().isPresent() && !lostIt;
    boolean crash = view.missed().filter(m -> m.kind().crash()).isPresent();
    if (urgent && crash && stillConnected && engine.isEmpty()) {
      look(server);
    }
  }

  private boolean receivesNothing(ServerFacts facts) {
    return facts.channels().stream().noneMatch(c -> c.io() == ThreadState.YES);
  }

  private List<View> others() {
    return snapshot().others();
  }

  private void connectionLost(ServerId server) {
    look(server);
    if (record.isPrimary(server)) {
      others().forEach(v -> look(v.id()));
    }
  }

  private void stepEnded(Input.StepEnded input) {
    engine
        .filter(e -> e.plan().id() == input.plan())
        .ifPresent(e -> e.ended(input.number(), input.outcome(), now));
  }

  private void storeFailed(String reason) {
    if (storeTrouble.isEmpty()) {
      tell(
          new Event.Trouble(
              now.millis(), "the store failed, automatic action stops until a restart: " + reason));
    }
    storeTrouble = Optional.of(reason);
  }

  // --- deciding

  Snapshot snapshot() {
    return watchlist.snapshot(record, now);
  }

  List<Diagnosis> diagnose() {
    return Analyzer.diagnose(snapshot(), engine.isPresent());
  }

  private void evaluate() {
    Snapshot snapshot = snapshot();
    diagnoses = Analyzer.diagnose(snapshot, engine.isPresent());
    List<Decision> decisions = new Planner(snapshot).decide(diagnoses);
    effects.addAll(newsroom.report(diagnoses, decisions, engine.isPresent(), inWork(), now));
    if (storeTrouble.isEmpty()) {
      seeWhetherOpen();
      act(decisions);
      rememberSightings();
    }
    route();
    effects.add(
        new Effect.Show(
            new Picture(
                snapshot(),
                diagnoses,
                decisions,
                Guarantor.judge(snapshot),
                routing.told(),
                engine.map(Engine::plan))));
  }

  /** Servers whose picture shows a plan's work rather than their own state. */
  private NavigableSet<ServerId> inWork() {
    NavigableSet<ServerId> servers = new TreeSet<>(patience.awaited(now));
    // When the role moves, everybody follows somebody else for a while.
    engine.ifPresent(e -> servers.addAll(e.kind().movesRole() ? servers() : e.touched()));
    // A primary that falls silent is news at any time, except to the plan that replaces it.
    servers.removeIf(s -> record.isPrimary(s) && !watchlist.view(s).reachable());
    if (engine.isPresent() || !servers.isEmpty()) {
      leaving.ifPresent(servers::add);
    }
    return servers;
  }

  private List<ServerId> servers() {
    return spec.servers().stream().map(ClusterSpec.Server::id).toList();
  }

  private void act(List<Decision> decisions) {
    boolean interrupted = engine.isEmpty() && record.plan().isPresent();
    for (Decision decision : decisions) {
      // A plan that was left open is finished or undone before anything else is begun.
      boolean inTurn = !interrupted || decision.diagnosis() instanceof Diagnosis.PlanInterrupted;
      if (inTurn && decision instanceof Decision.Act act && due(act)) {
        supersede(act);
        open(act, Engine.Origin.AUTOMATIC);
        return;
      }
    }
  }

  /** One active plan per cluster; only a failover may take over from a lesser plan. */
  private boolean due(Decision.Act act) {
    if (engine.isPresent()) {
      boolean failover = act.run().kind() == Run.Kind.FAILOVER;
      if (!failover || engine.get().kind().movesRole()) {
        return false;
      }
    }
    boolean interrupted = engine.isEmpty() && record.plan().isPresent();
    // Opening another plan would forget the interrupted one.
    return (!interrupted || act.diagnosis() instanceof Diagnosis.PlanInterrupted)
        && patience.allows(act.diagnosis(), now);
  }

  void supersede(Decision.Act act) {
    engine.ifPresent(e -> {
      e.supersede(act.run().purpose());
      answer(e, Reply.Result.FAILED, "a role change took over: " + act.run().purpose());
      tell(closing(e, "superseded", act.run().purpose()));
      engine = Optional.empty();
    });
  }

  private Event closing(Engine e, String result, String summary) {
    return new Event.PlanClosed(now.millis(), e.plan().id(), e.kind().words(), result, summary);
  }

  /** Opens a plan for a run; an operator's carries the command to be answered at its end. */
  void open(Decision.Act act, Engine.Origin origin) {
    Run run = act.run();
    nextPlan++;
    Optional<OpenPlan> before =
        act.diagnosis() instanceof Diagnosis.PlanInterrupted p
            ? Optional.of(p.plan())
            : Optional.empty();
    boolean role = run.kind() == Run.Kind.FAILOVER || run.kind() == Run.Kind.SWITCHOVER;
    OpenPlan plan =
        new OpenPlan(
            nextPlan,
            run.kind().name(),
            run.purpose(),
            role ? before.map(OpenPlan::epoch).orElse(record.nextEpoch()) : 0,
            role ? before.flatMap(OpenPlan::from).or(this::primaryId) : Optional.empty(),
            before.flatMap(OpenPlan::to).or(() -> Planner.target(run)),
            before.map(OpenPlan::automatic).orElse(origin.automatic()),
            before.map(OpenPlan::force).orElse(origin.force()),
            now.millis(),
            List.of(),
            before.map(OpenPlan::touched).orElse(new TreeSet<>()),
            role ? before.flatMap(OpenPlan::reignSentTo) : Optional.empty());
    patience.tried(act.diagnosis(), now);
    cause = Optional.of(act.diagnosis());
    tell(
        new Event.PlanOpened(
            now.millis(), plan.id(), run.kind().words(), run.purpose(), plan.automatic()));
    leaving = run.kind().movesRole() ? plan.from() : Optional.empty();
    Engine started = new Engine(plan, run, origin, host);
    engine = Optional.of(started);
    started.begin(now);
  }

  private Optional<ServerId> primaryId() {
    return record.reign().map(ClusterRecord.Reign::primary);
  }

  private void rememberSightings() {
    boolean due = sighted.isEmpty() || now.since(sighted.get()).compareTo(SIGHTING_INTERVAL) >= 0;
    // A dying primary must not be overwritten by what is seen during its failover.
    if (due && engine.isEmpty() && watchlistWell()) {
      sighted = Optional.of(now);
      Entry entry = new Entry.Sighted(watchlist.sightings(primaryId().orElseThrow()));
      record = Ledger.apply(record, entry);
      effects.add(new Effect.Store(List.of(entry), true, List.of()));
    }
  }

  private boolean watchlistWell() {
    return snapshot().primary().flatMap(View::facts).filter(f -> !f.readOnly()).isPresent();
  }

  // --- publishing

  /**
   * While a plan is at work it knows better, and what was read before its end is older than that.
   */
  private void seeWhetherOpen() {
    boolean fresh =
        engine.isEmpty() && primaryId().filter(p -> !patience.awaited(now).contains(p)).isPresent();
    if (fresh) {
      snapshot().primary().flatMap(View::facts).ifPresent(f -> routing.seen(!f.readOnly()));
    }
  }

  private void route() {
    seeWhetherOpen();
    routing
        .tell(record, runningReplicas())
        .ifPresent(table -> {
          effects.add(new Effect.Publish(table));
          tell(new Event.Routed(now.millis(), table));
        });
  }

  /** Those in maintenance are left out: readers go elsewhere. */
  private List<ServerId> runningReplicas() {
    return others().stream()
        .filter(v -> !record.maintenance().containsKey(v.id()))
        .filter(v ->
            v.facts().filter(f -> f.channels().stream().anyMatch(c -> c.running())).isPresent())
        .map(View::id)
        .toList();
  }

  void store(List<Entry> entries, List<Effect> then) {
    if (entries.isEmpty()) {
      effects.addAll(then);
      return;
    }
    record = Ledger.apply(record, entries);
    effects.add(new Effect.Store(entries, false, then));
  }

  void look(ServerId server) {
    effects.add(new Effect.ProbeNow(server));
  }

  void tell(Event event) {
    effects.add(new Effect.Tell(event));
  }

  void answer(long id, Reply reply) {
    effects.add(new Effect.Answer(id, reply));
  }

  private void answer(Engine of, Reply.Result result, String summary) {
    of.command().ifPresent(id -> answer(id, new Reply(result, summary, of.story())));
  }

  ClusterRecord record() {
    return record;
  }

  Moment now() {
    return now;
  }

  Optional<Engine> engine() {
    return engine;
  }

  Optional<String> storeTrouble() {
    return storeTrouble;
  }

  /** What a plan reports to its controller. */
  private final class PlanHost implements Engine.Host {
    @Override
    public void store(List<Entry> entries, List<Effect> then) {
      Controller.this.store(entries, then);
    }

    @Override
    public void tell(Event event) {
      Controller.this.tell(event);
    }

    @Override
    public void note(OpenPlan plan, Note note) {
      routing.noted(note);
      switch (note) {
        case Note.ReignBegan n -> {
          watchlist.reignBegan(n.reign().primary());
          watchlist.newReign();
        }
        // At once: clients wait for exactly this.
        case Note.Opened n -> route();
        case Note.Tested n -> watchlist.tested(n.witness(), n.reached(), now);
        case Note.Attached n -> watchlist.attached(n.server());
        default -> {}
      }
    }

    @Override
    public void closed(Engine ended, Reply.Result result, String summary) {
      cause.ifPresent(c -> {
        if (result == Reply.Result.DONE) {
          patience.solved(c, ended.kind(), now);
        } else if (!ended.kind().movesRole()) {
          patience.inVain(c, now);
        }
      });
      end(ended);
      routing.planEnded();
      answer(ended, result, summary);
      Controller.this.tell(
          closing(ended, result == Reply.Result.DONE ? "finished" : "held", summary));
    }

    @Override
    public void suspended(Engine ended, String reason) {
      end(ended);
      routing.suspended();
      answer(ended, Reply.Result.HELD, reason);
      Controller.this.tell(closing(ended, "suspended", reason));
    }

    /** Nothing more is decided about servers it touched until they were looked at again. */
    private void end(Engine ended) {
      engine = Optional.empty();
      TreeSet<ServerId> touched = new TreeSet<>();
      record.plan().ifPresent(p -> touched.addAll(p.touched()));
      touched.addAll(ended.touched());
      patience.awaitFresh(touched, now);
      touched.forEach(Controller.this::look);
    }
  }
}
