package dev.regent.server.daemon;

import dev.regent.core.control.ControlStore.StoreException;
import dev.regent.core.control.Controller;
import dev.regent.core.control.Entry;
import dev.regent.core.control.Event;
import dev.regent.core.control.Input;
import dev.regent.core.control.Picture;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Observation;
import dev.regent.core.model.Policy;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting.RunHook.Hook;
import dev.regent.core.plan.Step;
import dev.regent.server.config.Config;
import dev.regent.server.connect.Account;
import dev.regent.server.connect.Dialer;
import dev.regent.server.execute.HookRunner;
import dev.regent.server.execute.SourceLogin;
import dev.regent.server.execute.StepExecutor;
import dev.regent.server.front.Front;
import dev.regent.server.front.FrontService;
import dev.regent.server.maxadmin.AdminDesk;
import dev.regent.server.maxadmin.AdminPort;
import dev.regent.server.maxadmin.AdminService;
import dev.regent.server.maxadmin.AdminSessions;
import dev.regent.server.monitor.EventSettings;
import dev.regent.server.monitor.Monitor;
import dev.regent.server.observe.Sentinel;
import dev.regent.server.observe.ServerWatch;
import dev.regent.server.observe.WriteProbe;
import dev.regent.server.office.Mandate;
import dev.regent.server.publish.Clerk;
import dev.regent.server.publish.CommandSocket;
import dev.regent.server.publish.Desk;
import dev.regent.server.publish.RunFolder;
import dev.regent.server.publish.Service;
import dev.regent.server.salvage.ErrantSalvage;
import dev.regent.server.steps.Clients;
import dev.regent.server.store.AuditTrail;
import dev.regent.server.store.LocalStore;
import dev.regent.server.store.Notice;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The map: what exists in a daemon, and who gets what. Everything is closed in reverse order. */
public final class Daemon implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

  private final Config config;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<Runnable> starting = new ArrayList<>();
  private final LocalStore store;
  private final AuditTrail audit;
  private final Desk desk;
  private final Mandate mandate;
  private final StepExecutor executor;
  private final Map<ServerId, ServerWatch> watches = new TreeMap<>();
  private final Optional<Monitor> monitor;
  private final Optional<Front> front;
  private final ControlLoop loop;
  private final CommandSocket socket;

  private Daemon(Config config) throws IOException, StoreException {
    this.config = config;
    try {
      ClusterSpec spec = config.spec();
      store = closing(LocalStore.open(config.folders().state()));
      ClusterRecord record = store.state();
      audit = closing(AuditTrail.open(config.folders().audit(), spec.name(), AuditTrail.ROTATE_AT));
      desk = new Desk(spec);
      mandate = new Mandate(spec.name(), identity(), record.incarnation() + 1, record.epoch());
      Map<ServerId, Dialer> dialers = dialers();
      executor =
          new StepExecutor(
              mandate,
              dialers,
              sourceLogin(),
              hooks(),
              salvage(dialers),
              this::clients,
              alarm -> LOG.warn("{}", alarm));
      Stage stage = closing(new Stage(new Actors(), this::post, this::answer));
      closing(executor);
      monitor = config.events().map(events -> monitor(events, record, stage));
      front = front(dialers);
      Consumer<Duration> suspected = time -> front.ifPresent(f -> f.suspected(time));
      Controller controller = new Controller(spec, record, ControlLoop.now());
      loop = closing(new ControlLoop(controller, stage, suspected));
      dialers.forEach(this::watch);
      Clerk clerk = new Clerk(desk, loop, ControlLoop::now, ZoneId.systemDefault());
      AdminSessions sessions = new AdminSessions();
      boolean showLag = config.events().filter(e -> e.lagMaxSeconds().isPresent()).isPresent();
      AdminDesk admin = new AdminDesk(desk, loop, sessions, showLag);
      RunFolder run = new RunFolder(config.folders().run());
      Service service =
          front
              .map(f -> new FrontService(f.counter(), clerk))
              .orElseGet(() -> new FrontService(clerk));
      socket = closing(CommandSocket.open(run, spec.name(), new AdminService(admin, service)));
      if (config.maxadmin().isPresent()) {
        closing(AdminPort.open(config.maxadmin().get(), admin, sessions));
      }
    } catch (IOException | StoreException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Opens all that a daemon needs, and does nothing to any server yet.
   *
   * @throws StoreException the control store cannot be opened
   * @throws IOException a folder, the audit trail, a port or the socket cannot be opened
   */
  public static Daemon open(Config config) throws IOException, StoreException {
    return new Daemon(config);
  }

  /** It watches and acts from now until it is closed. */
  public void start() {
    monitor.ifPresent(Monitor::start);
    loop.start();
    starting.forEach(Runnable::run);
    watches.values().forEach(ServerWatch::start);
  }

  public String cluster() {
    return config.spec().name();
  }

  public java.nio.file.Path socket() {
    return socket.path();
  }

  private <T extends AutoCloseable> T closing(T resource) {
    open.push(resource);
    return resource;
  }

  /** Two managers with equal numbers must not take each other for themselves. */
  private String identity() {
    ProcessHandle me = ProcessHandle.current();
    boolean script = config.spec().policy().failover().actor() == Policy.Actor.SCRIPT;
    return "pid "
        + me.pid()
        + " since "
        + me.info().startInstant().map(Object::toString).orElse("?")
        + (script ? Mandate.LEAVES_FAILOVER : "");
  }

  private void post(Input input) {
    loop.post(input);
  }

  private void answer(long id, dev.regent.core.control.Reply reply) {
    loop.answer(id, reply);
  }

  // --- servers

  private Map<ServerId, Dialer> dialers() {
    Account admin = config.admin().account();
    Map<ServerId, Dialer> dialers = new LinkedHashMap<>();
    for (ClusterSpec.Server server : config.spec().servers()) {
      dialers.put(server.id(), new Dialer(server.address(), admin, config.tls()));
    }
    return dialers;
  }

  /**
   * The proxy; before the loop in the order of opening, so that nothing is published to a closed
   * one.
   */
  private Optional<Front> front(Map<ServerId, Dialer> dialers) throws IOException {
    if (config.front().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        closing(
            Front.open(
                config.front().get(),
                dialers,
                config.tls(),
                id -> post(new Input.ConnectionLost(id, ControlLoop.now())))));
  }

  private SourceLogin sourceLogin() {
    return new SourceLogin(config.replication().account(), config.sourceTls());
  }

  private HookRunner hooks() {
    Map<Hook, List<String>> commands = new LinkedHashMap<>();
    config.hooks().forEach(h -> commands.put(h.hook(), h.command()));
    Map<ServerId, Endpoint> addresses = new LinkedHashMap<>();
    config.spec().servers().forEach(s -> addresses.put(s.id(), s.address()));
    return new HookRunner(config.spec().name(), commands, addresses);
  }

  private Monitor monitor(EventSettings events, ClusterRecord record, Stage stage) {
    return closing(
        new Monitor(
            events,
            config.spec(),
            record,
            config.admin().account(),
            notice -> stage.telling(() -> tell(notice))));
  }

  private void tell(Notice notice) {
    desk.tell(audit.tell(notice));
  }

  private ErrantSalvage salvage(Map<ServerId, Dialer> dialers) {
    return new ErrantSalvage(dialers, config.folders().errant());
  }

  private void watch(ServerId id, Dialer dialer) {
    Policy.Detection detection = config.spec().policy().detection();
    Sentinel sentinel =
        closing(
            new Sentinel(id, dialer, () -> post(new Input.ConnectionLost(id, ControlLoop.now()))));
    starting.add(sentinel::start);
    WriteProbe writes =
        config.writeProbe().map(limit -> closing(new WriteProbe(id, dialer, limit))).orElse(null);
    if (writes != null) {
      starting.add(writes::start);
    }
    ServerWatch.Rhythm rhythm =
        new ServerWatch.Rhythm(detection.interval(), detection.probeTimeout());
    ServerWatch watch =
        closing(new ServerWatch(id, dialer, rhythm, sentinel, writes, o -> observed(id, o)));
    watches.put(id, watch);
  }

  private Clients clients() {
    return front.<Clients>map(f -> f).orElse(Clients.NONE);
  }

  private void observed(ServerId server, Observation observation) {
    executor.observed(server, observation);
    front.ifPresent(f -> f.observed(server, observation));
    post(new Input.Observed(server, observation));
  }

  /** Last opened, first closed; one that fails does not keep the others open. */
  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        LOG.warn("closing", e);
      }
    }
  }

  /** What the effects mean here. */
  private final class Actors implements Stage.Actors {
    @Override
    public void append(List<Entry> entries, boolean lazy) throws StoreException {
      if (lazy) {
        store.appendLazy(entries);
      } else {
        store.append(entries);
      }
    }

    @Override
    public void execute(Step step, Consumer<Outcome> done) {
      executor.execute(step, done);
    }

    @Override
    public void probeNow(ServerId server) {
      ServerWatch watch = watches.get(server);
      if (watch != null) {
        watch.probeNow();
      }
    }

    @Override
    public void publish(RoutingTable table) {
      front.ifPresent(f -> f.publish(table));
      desk.publish(table);
      mandate.raise(table.epoch());
      watches.forEach((id, watch) -> watch.primary(table.primary().filter(id::equals).isPresent()));
    }

    @Override
    public void show(Picture picture) {
      desk.show(picture);
      monitor.ifPresent(m -> m.show(picture));
    }

    @Override
    public void tell(Event event) {
      desk.tell(audit.tell(event));
    }
  }
}
