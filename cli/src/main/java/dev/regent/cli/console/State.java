package dev.regent.cli.console;

import dev.regent.cli.console.Happening.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that the screen shows, except the time. It changes by {@link Reactions}.
 *
 * @param lost why nobody answers now
 * @param log events, the newest first
 * @param selected name of a server; empty: none yet
 * @param logScroll how many of the newest events are scrolled away
 * @param busy the order that is being carried out
 * @param progress what was told of it
 */
record State(
    Optional<Sight> sight,
    Optional<String> lost,
    List<Line> log,
    String selected,
    int logScroll,
    Dialog dialog,
    Optional<Order> busy,
    List<String> progress) {
  /** A plan that tells more than this tells it in the event log as well. */
  static final int PROGRESS_MAX = 500;

  State {
    log = List.copyOf(log);
    progress = List.copyOf(progress);
  }

  static State empty() {
    return new State(
        Optional.empty(),
        Optional.empty(),
        List.of(),
        "",
        0,
        new Dialog.None(),
        Optional.empty(),
        List.of());
  }

  State with(Dialog opened) {
    return new State(sight, lost, log, selected, logScroll, opened, busy, progress);
  }

  /** The selection stays where it was, and falls to the first server if that one is gone. */
  State seen(Sight seen) {
    boolean there = seen.server(selected).isPresent();
    String first = seen.servers().isEmpty() ? "" : seen.servers().getFirst().name();
    return new State(
        Optional.of(seen),
        Optional.empty(),
        log,
        there ? selected : first,
        logScroll,
        dialog,
        busy,
        progress);
  }

  State lost(String why) {
    return new State(sight, Optional.of(why), log, selected, logScroll, dialog, busy, progress);
  }

  /** What is scrolled to stays in view. */
  State told(Line line) {
    List<Line> longer = new ArrayList<>(log.size() + 1);
    longer.add(line);
    longer.addAll(log.subList(0, Math.min(log.size(), Console.LOG_MAX - 1)));
    int scroll = logScroll == 0 ? 0 : Math.min(logScroll + 1, longer.size() - 1);
    return new State(sight, lost, longer, selected, scroll, dialog, busy, progress);
  }

  State forgotten() {
    return new State(sight, lost, List.of(), selected, 0, dialog, busy, progress);
  }

  State scrolledBy(int lines) {
    int scroll = Math.clamp((long) logScroll + lines, 0, Math.max(0, log.size() - 1));
    return new State(sight, lost, log, selected, scroll, dialog, busy, progress);
  }

  State selecting(int step) {
    List<String> names =
        sight.map(s -> s.servers().stream().map(Sight.Server::name).toList()).orElse(List.of());
    if (names.isEmpty()) {
      return this;
    }
    int index = Math.clamp((long) names.indexOf(selected) + step, 0, names.size() - 1);
    return new State(sight, lost, log, names.get(index), logScroll, dialog, busy, progress);
  }

  State working(Order order) {
    return new State(
        sight,
        lost,
        log,
        selected,
        logScroll,
        new Dialog.Working(order, List.of()),
        Optional.of(order),
        List.of());
  }

  State progressed(String line) {
    List<String> longer = new ArrayList<>(progress);
    longer.add(line);
    List<String> kept = longer.subList(Math.max(0, longer.size() - PROGRESS_MAX), longer.size());
    Dialog open = dialog instanceof Dialog.Working w ? new Dialog.Working(w.order(), kept) : dialog;
    return new State(sight, lost, log, selected, logScroll, open, busy, kept);
  }

  State ended(Order order, Backend.Answer answer) {
    return new State(
        sight,
        lost,
        log,
        selected,
        logScroll,
        new Dialog.Outcome(order, answer, Integer.MAX_VALUE),
        Optional.empty(),
        List.of());
  }

  /** The server that the cursor is on. */
  Optional<Sight.Server> cursor() {
    return sight.flatMap(s -> s.server(selected));
  }
}
