package dev.regent.core.control;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.model.ClusterRecord.Maintenance;
import dev.regent.core.model.ClusterRecord.Pause;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Moment;
import dev.regent.core.model.Observation;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.plan.Decision;
import dev.regent.core.plan.Forecast;
import dev.regent.core.plan.Planner;
import dev.regent.core.plan.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Carries out operators' commands; each is answered exactly once.
 *
 * <p>An order that depends on the servers' state waits until each of them was looked at since it
 * came, or was given the time for it: what the last look showed may be over, and an operator sees
 * more than that.
 */
final class Orders {
  /** Between two looks a probe may be under way already; then the next one is waited for. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Controller controller;
  private final List<Waiting> waiting = new ArrayList<>();

  /** An order, the servers that were not looked at since, and how long they have. */
  private record Waiting(Input.Ordered order, NavigableSet<ServerId> unseen, Moment until) {}

  Orders(Controller controller) {
    this.controller = controller;
  }

  void received(Input.Ordered order) {
    controller.tell(
        new Event.Ordered(controller.now().millis(), order.command().by(), words(order.command())));
    if (!dependsOnServers(order.command())) {
      carryOut(order);
      return;
    }
    ClusterSpec spec = controller.snapshot().spec();
    NavigableSet<ServerId> unseen = new TreeSet<>();
    spec.servers().forEach(s -> unseen.add(s.id()));
    unseen.forEach(controller::look);
    Duration time = spec.policy().detection().probeTimeout().plus(LOOK);
    waiting.add(new Waiting(order, unseen, order.at().plus(time)));
  }

  private static boolean dependsOnServers(Command command) {
    return switch (command) {
      case Command.FailOver c -> true;
      case Command.SwitchOver c -> true;
      case Command.Rejoin c -> true;
      case Command.PauseCluster c -> false;
      case Command.ResumeCluster c -> false;
      case Command.BeginMaintenance c -> false;
      case Command.EndMaintenance c -> false;
    };
  }

  void observed(ServerId server, Observation observation) {
    waiting.stream()
        .filter(w -> !w.order().at().isAfter(begin(observation)))
        .forEach(w -> w.unseen().remove(server));
  }

  /** A miss tells nothing of its beginning, and its end is what it tells. */
  private static Moment begin(Observation observation) {
    return switch (observation) {
      case Observation.Seen s -> s.at().plus(s.took().negated());
      case Observation.Missed m -> m.at();
    };
  }

  /** Carries out what has waited long enough. */
  void advance() {
    for (Waiting w : List.copyOf(waiting)) {
      if (w.unseen().isEmpty() || controller.now().isAfter(w.until())) {
        waiting.remove(w);
        carryOut(w.order());
      }
    }
  }

  private void carryOut(Input.Ordered order) {
    switch (order.command()) {
      case Command.FailOver c -> decided(order.id(), decide(c), c.force(), c.dryRun());
      case Command.SwitchOver c -> decided(order.id(), decide(c), c.force(), c.dryRun());
      case Command.Rejoin c -> {
        if (known(order.id(), c.server())) {
          decided(
              order.id(), planner().rejoin(controller.diagnose(), c.server()), false, c.dryRun());
        }
      }
      case Command.PauseCluster c -> pause(order.id(), c);
      case Command.ResumeCluster c -> resume(order.id(), c);
      case Command.BeginMaintenance c -> begin(order.id(), c);
      case Command.EndMaintenance c -> end(order.id(), c);
    }
  }

  private Planner planner() {
    return new Planner(controller.snapshot());
  }

  private Decision decide(Command.FailOver c) {
    Wish wish = new Wish(c.to(), c.force());
    return unknown(wish).orElseGet(() -> planner().failOver(diagnoses(), wish));
  }

  private Decision decide(Command.SwitchOver c) {
    Wish wish = new Wish(c.to(), c.force());
    return unknown(wish).orElseGet(() -> planner().switchOver(diagnoses(), wish));
  }

  /** At least one: before anything was observed, that is the diagnosis. */
  private List<Diagnosis> diagnoses() {
    List<Diagnosis> found = controller.diagnose();
    return found.isEmpty()
        ? List.of(new Diagnosis.NoPrimaryKnown("no server was looked at yet"))
        : found;
  }

  private Optional<Decision> unknown(Wish wish) {
    return wish.to()
        .filter(s -> controller.snapshot().spec().find(s).isEmpty())
        .map(s ->
            new Decision.Hold(
                diagnoses().getFirst(),
                Decision.Reason.OPERATOR_DECIDES,
                "there is no server " + s + " in this cluster"));
  }

  private void decided(long id, Decision decision, boolean force, boolean dryRun) {
    switch (decision) {
      case Decision.Hold h ->
          answer(id, Reply.Result.HELD, h.sentence(), List.of("reason: " + h.reason()));
      case Decision.Act a when dryRun ->
          answer(
              id,
              Reply.Result.PLANNED,
              a.run().purpose(),
              new Forecast(controller.snapshot()).lines(a.run()));
      case Decision.Act a -> act(id, a, force);
    }
  }

  private void act(long id, Decision.Act act, boolean force) {
    if (controller.storeTrouble().isPresent()) {
      answer(
          id,
          Reply.Result.HELD,
          "the store failed, so no intent can be kept: " + controller.storeTrouble().get(),
          List.of());
    } else if (controller.engine().isPresent() && !yields(act)) {
      answer(
          id,
          Reply.Result.HELD,
          "plan "
              + controller.engine().get().plan().id()
              + " is at work: "
              + controller.engine().get().plan().why(),
          List.of());
    } else if (controller.engine().isEmpty() && controller.record().plan().isPresent() && !force) {
      answer(
          id,
          Reply.Result.HELD,
          "an interrupted plan must be finished or undone first (failover --force overrules)",
          List.of());
    } else {
      controller.supersede(act);
      controller.open(act, new Engine.Origin(false, force, OptionalLong.of(id)));
    }
  }

  /** A role change that an operator orders goes before a repair. */
  private boolean yields(Decision.Act act) {
    return act.run().kind().movesRole() && !controller.engine().orElseThrow().kind().movesRole();
  }

  // --- pause and maintenance: idempotent, stored before they are answered

  private void pause(long id, Command.PauseCluster c) {
    if (controller.record().pause().isPresent()) {
      answer(
          id,
          Reply.Result.DONE,
          "already paused by " + controller.record().pause().get().by(),
          List.of());
      return;
    }
    Pause pause = new Pause(c.by(), c.reason(), controller.now().millis());
    stored(id, new Entry.Paused(pause), "paused: no automatic action until resume");
  }

  private void resume(long id, Command.ResumeCluster c) {
    stored(
        id,
        new Entry.Resumed(c.by(), controller.now().millis()),
        "automatic action is on; past failovers are acknowledged");
  }

  private void begin(long id, Command.BeginMaintenance c) {
    if (known(id, c.server())) {
      Maintenance maintenance = new Maintenance(c.by(), c.reason(), controller.now().millis());
      stored(
          id,
          new Entry.MaintenanceBegan(c.server(), maintenance),
          c.server() + " is in maintenance: neither promoted nor repaired");
    }
  }

  private void end(long id, Command.EndMaintenance c) {
    if (known(id, c.server())) {
      stored(
          id,
          new Entry.MaintenanceEnded(c.server(), c.by()),
          c.server() + " is no longer in maintenance");
    }
  }

  private boolean known(long id, ServerId server) {
    Snapshot snapshot = controller.snapshot();
    boolean known = snapshot.spec().find(server).isPresent();
    if (!known) {
      List<String> names = new ArrayList<>();
      snapshot.spec().servers().forEach(s -> names.add(s.id().name()));
      answer(
          id,
          Reply.Result.HELD,
          "there is no server " + server + "; the servers are " + String.join(", ", names),
          List.of());
    }
    return known;
  }

  private void stored(long id, Entry entry, String message) {
    if (controller.storeTrouble().isPresent()) {
      answer(
          id,
          Reply.Result.FAILED,
          "the store failed: " + controller.storeTrouble().get(),
          List.of());
      return;
    }
    controller.store(
        List.of(entry),
        List.of(new Effect.Answer(id, new Reply(Reply.Result.DONE, message, List.of()))));
  }

  private void answer(long id, Reply.Result result, String message, List<String> lines) {
    controller.answer(id, new Reply(result, message, lines));
  }

  private static String words(Command command) {
    return switch (command) {
      case Command.FailOver c ->
          "failover" + to(new Wish(c.to(), c.force())) + flags(c.force(), c.dryRun());
      case Command.SwitchOver c ->
          "switchover" + to(new Wish(c.to(), c.force())) + flags(c.force(), c.dryRun());
      case Command.Rejoin c -> "rejoin " + c.server() + flags(false, c.dryRun());
      case Command.PauseCluster c -> "pause: " + c.reason();
      case Command.ResumeCluster c -> "resume";
      case Command.BeginMaintenance c -> "maintenance of " + c.server() + ": " + c.reason();
      case Command.EndMaintenance c -> "end of maintenance of " + c.server();
    };
  }

  private static String to(Wish wish) {
    return wish.to().map(s -> " to " + s).orElse("");
  }

  private static String flags(boolean force, boolean dryRun) {
    return (force ? " --force" : "") + (dryRun ? " --dry-run" : "");
  }
}
