package dev.regent.server.execute;

import dev.regent.core.model.Observation;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Freezing.CheckFrozen;
import dev.regent.core.plan.Freezing.Freeze;
import dev.regent.core.plan.Keeping.SaveErrant;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting.RunHook;
import dev.regent.core.plan.Receiving.Drain;
import dev.regent.core.plan.Step;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.office.Mandate;
import dev.regent.server.steps.Clients;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Executes steps, each once, and tells how it ended, once.
 *
 * <p>Steps that change a server run one after the other per server, in the order in which they
 * came. Steps that only look, and hooks, run at once, beside them. A step's time runs from {@link
 * #execute}; one whose turn does not come in time fails without having been sent.
 */
public final class StepExecutor implements AutoCloseable {
  private final Map<ServerId, Station> stations = new TreeMap<>();
  private final Hooks hooks;
  private final Supplier<Clients> clients;
  private final ErrantSaver errantSaver;
  private final ExecutorService beside;

  /**
   * @param clients those who write through us
   * @param alarm is told, in a sentence, when another manager keeps us out of a server, and when it
   *     no longer does; must not block
   */
  public StepExecutor(
      Mandate mandate,
      Map<ServerId, Dialer> dialers,
      SourceLogin login,
      Hooks hooks,
      ErrantSaver errantSaver,
      Supplier<Clients> clients,
      Consumer<String> alarm) {
    this.hooks = hooks;
    this.clients = clients;
    this.errantSaver = errantSaver;
    this.beside = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("step-", 1).factory());
    dialers.forEach(
        (id, dialer) -> stations.put(id, new Station(id, dialer, mandate, login, clients, alarm)));
  }

  /** Starts a step. Never blocks; {@code done} is called on another thread and must not block. */
  public void execute(Step step, Consumer<Outcome> done) {
    Duration quiet = step instanceof Freeze ? clients.get().quietMax() : Duration.ZERO;
    Deadline deadline = Deadline.after(step.deadline().plus(quiet));
    switch (step) {
      case RunHook hook -> beside.execute(() -> done.accept(hooks.run(hook)));
      case SaveErrant save -> beside.execute(() -> done.accept(errantSaver.save(save)));
      // These look only, but in their turn, and the lane's connection is open already.
      case CheckFrozen s -> station(s).queue(s, deadline, done, beside);
      case Drain s -> station(s).queue(s, deadline, done, beside);
      case Step s when s.mutates() -> station(s).queue(s, deadline, done, beside);
      case Step s -> station(s).look(s, deadline, done, beside);
    }
  }

  private Station station(Step step) {
    Station station = stations.get(step.server());
    if (station == null) {
      throw new IllegalArgumentException("unknown server " + step.server());
    }
    return station;
  }

  /**
   * What a probe found. The first time a server answers, and whenever it answers again, office is
   * taken there, so that no failover has to wait for it. Never blocks.
   */
  public void observed(ServerId server, Observation observation) {
    Station station = stations.get(server);
    if (station != null) {
      station.observed(observation);
    }
  }

  /** Ends what is under way, with unknown outcome, and leaves office everywhere. */
  @Override
  public void close() {
    stations.values().forEach(Station::close);
    beside.shutdownNow();
    try {
      beside.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
