package dev.regent.server.daemon;

import dev.regent.core.control.Command;
import dev.regent.core.control.ControlStore.StoreException;
import dev.regent.core.control.Controller;
import dev.regent.core.control.Entry;
import dev.regent.core.control.Event;
import dev.regent.core.control.Input;
import dev.regent.core.control.Picture;
import dev.regent.core.control.Reply;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Observation;
import dev.regent.core.model.Policy;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Step;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.execute.ErrantSaver;
import dev.regent.server.execute.Hooks;
import dev.regent.server.execute.SourceLogin;
import dev.regent.server.execute.StepExecutor;
import dev.regent.server.observe.Sentinel;
import dev.regent.server.observe.ServerWatch;
import dev.regent.server.office.Mandate;
import dev.regent.server.steps.Clients;
import dev.regent.server.store.LocalStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A manager that lives for one act: the daemon's controller with its eyes, hands and store, without
 * socket, audit trail and write probe. Who opened it looks at its pictures, gives it orders, and
 * closes it.
 */
public final class OneAct implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OneAct.class);

  private final LocalStore store;
  private final Consumer<Event> listener;
  private final Mandate mandate;
  private final StepExecutor executor;
  private final ControlLoop loop;
  private final Map<ServerId, ServerWatch> watches = new TreeMap<>();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /** Guards {@link #latest}. */
  private final ReentrantLock showing = new ReentrantLock();

  private final Condition shown = showing.newCondition();
  private @Nullable Picture latest;

  /**
   * What it works with.
   *
   * @param dialers one for each server; connections that they opened before are known as ours
   */
  public record Parts(
      ClusterSpec spec,
      Mandate mandate,
      Map<ServerId, Dialer> dialers,
      SourceLogin login,
      Hooks hooks,
      ErrantSaver errantSaver) {
    public Parts {
      dialers = Map.copyOf(dialers);
    }
  }

  private OneAct(LocalStore store, Parts parts, Consumer<Event> listener) {
    this.store = store;
    this.listener = listener;
    this.mandate = parts.mandate();
    this.executor =
        new StepExecutor(
            mandate,
            parts.dialers(),
            parts.login(),
            parts.hooks(),
            parts.errantSaver(),
            () -> Clients.NONE,
            alarm -> listener.accept(new Event.Trouble(System.currentTimeMillis(), alarm)));
    Stage stage = closing(new Stage(new Actors(), this::post, this::answer));
    closing(executor);
    loop = closing(new ControlLoop(controller(parts, store), stage, time -> {}));
    parts.spec().servers().forEach(s -> watch(s.id(), parts));
  }

  private static Controller controller(Parts parts, LocalStore store) {
    return new Controller(parts.spec(), store.state(), ControlLoop.now());
  }

  /**
   * Takes office and begins to watch. The store stays the caller's to close, after this.
   *
   * @param listener is told every event, on one thread; must not block for long
   */
  public static OneAct begin(LocalStore store, Parts parts, Consumer<Event> listener) {
    OneAct act = new OneAct(store, parts, listener);
    act.loop.start();
    act.watches.values().forEach(ServerWatch::start);
    return act;
  }

  private <T extends AutoCloseable> T closing(T resource) {
    open.push(resource);
    return resource;
  }

  private void watch(ServerId id, Parts parts) {
    Dialer dialer = parts.dialers().get(id);
    if (dialer == null) {
      throw new IllegalArgumentException("no dialer for " + id);
    }
    Policy.Detection detection = parts.spec().policy().detection();
    Sentinel sentinel =
        closing(
            new Sentinel(id, dialer, () -> post(new Input.ConnectionLost(id, ControlLoop.now()))));
    sentinel.start();
    ServerWatch.Rhythm rhythm =
        new ServerWatch.Rhythm(detection.interval(), detection.probeTimeout());
    watches.put(
        id, closing(new ServerWatch(id, dialer, rhythm, sentinel, null, o -> observed(id, o))));
  }

  private void observed(ServerId server, Observation observation) {
    executor.observed(server, observation);
    post(new Input.Observed(server, observation));
  }

  private void post(Input input) {
    loop.post(input);
  }

  private void answer(long id, Reply reply) {
    loop.answer(id, reply);
  }

  // --- for who opened it

  /** The first picture from now on, the present one included, that is as wanted. */
  public Optional<Picture> await(Predicate<Picture> wanted, Deadline deadline)
      throws InterruptedException {
    showing.lockInterruptibly();
    try {
      while (true) {
        Picture now = latest;
        if (now != null && wanted.test(now)) {
          return Optional.of(now);
        }
        if (shown.awaitNanos(deadline.left().toNanos()) <= 0) {
          return Optional.empty();
        }
      }
    } finally {
      showing.unlock();
    }
  }

  /** The answer to an order; empty if none came in time, and the order may still be at work. */
  public Optional<Reply> order(Command command, Deadline deadline) throws InterruptedException {
    CompletableFuture<Reply> reply = loop.order(command);
    try {
      return Optional.of(reply.get(deadline.left().toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the order was not answered", e);
    }
  }

  /** Leaves office everywhere. A plan that is at work stays open in the store. */
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
      mandate.raise(table.epoch());
      watches.forEach((id, watch) -> watch.primary(table.primary().filter(id::equals).isPresent()));
    }

    @Override
    public void show(Picture picture) {
      showing.lock();
      try {
        latest = picture;
        shown.signalAll();
      } finally {
        showing.unlock();
      }
    }

    @Override
    public void tell(Event event) {
      listener.accept(event);
    }
  }
}
