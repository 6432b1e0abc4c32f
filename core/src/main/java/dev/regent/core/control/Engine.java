package dev.regent.core.control;

import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.model.ClusterRecord.PastFailover;
import dev.regent.core.model.Moment;
import dev.regent.core.model.ServerFacts.Durability;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Note;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Receiving;
import dev.regent.core.plan.Run;
import dev.regent.core.plan.Step;
import dev.regent.core.plan.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Drives one run: stores the intent of each turn before its steps are sent, collects their
 * outcomes, and asks the run what comes next.
 */
final class Engine {
  /** More turns than any recipe has; a run that needs more is looping. */
  private static final int TURNS_MAX = 200;

  private final OpenPlan plan;
  private final Run.Kind kind;
  private final Origin origin;
  private final SortedMap<Integer, Outcome> outcomes = new TreeMap<>();
  private final List<String> story = new ArrayList<>();
  private Run run;
  private List<Step> steps = List.of();
  private int firstNumber;
  private int turns;
  private final SortedSet<ServerId> touched = new TreeSet<>();
  private Optional<ServerId> opened = Optional.empty();

  /** Who wanted it: the manager itself, or an operator whose command is answered at the end. */
  record Origin(boolean automatic, boolean force, OptionalLong command) {
    static final Origin AUTOMATIC = new Origin(true, false, OptionalLong.empty());
  }

  /** What the controller does with a turn's notes, entries and end. */
  interface Host {
    void store(List<Entry> entries, List<Effect> then);

    void tell(Event event);

    void note(OpenPlan plan, Note note);

    void closed(Engine engine, Reply.Result result, String summary);

    void suspended(Engine engine, String reason);
  }

  private final Host host;

  Engine(OpenPlan plan, Run run, Origin origin, Host host) {
    this.plan = plan;
    this.kind = run.kind();
    this.run = run;
    this.origin = origin;
    this.host = host;
  }

  OpenPlan plan() {
    return plan;
  }

  Run.Kind kind() {
    return kind;
  }

  OptionalLong command() {
    return origin.command();
  }

  /** Servers that any mutating step of this run was sent to. */
  SortedSet<ServerId> touched() {
    return touched;
  }

  List<String> story() {
    return List.copyOf(story);
  }

  void begin(Moment now) {
    perform(run.begin(), List.of(new Entry.PlanOpened(plan)), now);
  }

  /** The outcome of a step of the present turn; outcomes of older turns are ignored. */
  void ended(int number, Outcome outcome, Moment now) {
    int index = number - firstNumber;
    if (index < 0 || index >= steps.size() || outcomes.putIfAbsent(index, outcome) != null) {
      return;
    }
    Step step = steps.get(index);
    story.add(step.sentence() + ": " + words(outcome));
    host.tell(
        new Event.StepEnded(
            now.millis(),
            plan.id(),
            step.server(),
            step.sentence(),
            word(outcome),
            outcome.reason()));
    if (outcome.done() && step instanceof Receiving.RestoreDurability) {
      host.store(List.of(new Entry.DurabilityRestored(step.server())), List.of());
    }
    if (outcomes.size() == steps.size()) {
      List<Run.Result> results = new ArrayList<>();
      outcomes.forEach((i, o) -> results.add(new Run.Result(steps.get(i), o)));
      perform(run.after(results), receivingAgain(results), now);
    }
  }

  private static List<Entry> receivingAgain(List<Run.Result> results) {
    SortedSet<ServerId> servers = new TreeSet<>();
    results.stream()
        .filter(r -> r.outcome().done() && r.step().endsHalt() && !testedInVain(r))
        .forEach(r -> servers.add(r.step().server()));
    return servers.isEmpty() ? List.of() : List.of(new Entry.ReceivingAgain(servers));
  }

  /** Such a witness stays stopped, so that a failover finds it so. */
  private static boolean testedInVain(Run.Result result) {
    return result.step() instanceof Receiving.TestPrimary
        && result.outcome() instanceof Outcome.Done d
        && d.evidence() instanceof Evidence.Found f
        && !f.found();
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done d -> "done";
      case Outcome.Failed f -> "failed";
      case Outcome.Unknown u -> "unknown";
    };
  }

  private static String words(Outcome outcome) {
    return outcome.reason().isEmpty()
        ? word(outcome)
        : word(outcome) + " (" + outcome.reason() + ")";
  }

  private void perform(Turn turn, List<Entry> first, Moment now) {
    List<Entry> entries = new ArrayList<>(first);
    Turn current = turn;
    while (true) {
      turns++;
      for (Note note : current.notes()) {
        Chronicle.entry(note, now).ifPresent(entries::add);
        if (note instanceof Note.Opened o) {
          opened = Optional.of(o.primary());
        }
        story.add(Chronicle.words(note));
        host.tell(new Event.Noted(now.millis(), plan.id(), note, Chronicle.words(note)));
      }
      boolean looping = turns > TURNS_MAX && current instanceof Turn.Next;
      if (looping || !(current instanceof Turn.Next next && next.steps().isEmpty())) {
        finish(looping ? gaveUp() : current, entries, now);
        return;
      }
      current.notes().forEach(n -> host.note(plan, n));
      current = next.then().after(List.of());
    }
  }

  private static Turn gaveUp() {
    return new Turn.Abandoned("gave up after " + TURNS_MAX + " turns", false, List.of());
  }

  private void finish(Turn turn, List<Entry> entries, Moment now) {
    switch (turn) {
      case Turn.Next next -> send(next, entries, now);
      case Turn.Finished f -> {
        entries.add(new Entry.PlanClosed(plan.id(), "finished: " + f.summary(), failover(now)));
        host.store(entries, List.of());
        f.notes().forEach(n -> host.note(plan, n));
        host.closed(this, Reply.Result.DONE, f.summary());
      }
      case Turn.Abandoned a -> {
        entries.add(new Entry.PlanClosed(plan.id(), "abandoned: " + a.reason(), failover(now)));
        host.store(entries, List.of());
        a.notes().forEach(n -> host.note(plan, n));
        host.closed(this, a.held() ? Reply.Result.HELD : Reply.Result.FAILED, a.reason());
      }
      case Turn.Suspended s -> {
        host.store(entries, List.of());
        host.suspended(this, s.reason());
      }
    }
  }

  private void send(Turn.Next next, List<Entry> entries, Moment now) {
    run = next.then();
    firstNumber += steps.size();
    steps = next.steps();
    outcomes.clear();
    List<Effect> execute = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      execute.add(new Effect.Execute(plan.id(), firstNumber + i, steps.get(i)));
    }
    if (steps.stream().anyMatch(Step::mutates)) {
      entries.add(intent(next));
    }
    host.tell(
        new Event.StepsSent(now.millis(), plan.id(), steps.stream().map(Step::sentence).toList()));
    host.store(entries, execute);
    next.notes().forEach(n -> host.note(plan, n));
  }

  private Entry.Intended intent(Turn.Next next) {
    SortedSet<ServerId> servers = new TreeSet<>();
    SortedMap<ServerId, Durability> relaxed = new TreeMap<>();
    SortedSet<ServerId> halted = new TreeSet<>();
    for (Step step : next.steps()) {
      servers.add(step.server());
      if (step instanceof Receiving.RelaxDurability r) {
        relaxed.put(r.server(), r.original());
      }
      if (step.haltsReceiving()) {
        halted.add(step.server());
      }
    }
    touched.addAll(servers);
    Optional<ServerId> sent =
        next.notes().stream()
            .filter(n -> n instanceof Note.ReignSent)
            .map(n -> ((Note.ReignSent) n).server())
            .findFirst();
    return new Entry.Intended(
        plan.id(),
        next.steps().stream().map(Step::sentence).toList(),
        servers,
        sent,
        relaxed,
        halted);
  }

  private Optional<PastFailover> failover(Moment now) {
    // The flapping limit counts what moved the role by itself.
    return kind == Run.Kind.FAILOVER && plan.automatic()
        ? opened.flatMap(to ->
            plan.from()
                .filter(from -> !from.equals(to))
                .map(from -> new PastFailover(from, to, now.millis(), false)))
        : Optional.empty();
  }

  /** Ends it without another word: a more important plan takes over. */
  void supersede(String by) {
    host.store(
        List.of(new Entry.PlanClosed(plan.id(), "superseded by " + by, Optional.empty())),
        List.of());
  }
}
