package dev.regent.sim.shrink;

import dev.regent.sim.shrink.Shrinker.Case;
import dev.regent.sim.swarm.Options;
import dev.regent.sim.swarm.Script;
import dev.regent.sim.swarm.Script.Entry;
import dev.regent.sim.swarm.Script.When;
import java.util.ArrayList;
import java.util.List;

/** What could be taken away from a run, the most promising first; each idea is smaller than it. */
final class Ideas {
  private Ideas() {}

  static List<Case> of(Case from) {
    List<Case> ideas = new ArrayList<>();
    fewer(from.script()).forEach(s -> ideas.add(new Case(from.options(), s)));
    Plainer.than(from.options()).forEach(o -> ideas.add(new Case(o, from.script())));
    shorter(from).forEach(ideas::add);
    return ideas;
  }

  // --- fewer mishaps: large parts first, then one by one (delta debugging)

  private static List<Script> fewer(Script script) {
    List<Script> fewer = new ArrayList<>();
    int size = script.entries().size();
    for (int part = (size + 1) / 2; part >= 1; part = part == 1 ? 0 : (part + 1) / 2) {
      for (int from = 0; from < size; from += part) {
        fewer.add(without(script, from, Math.min(size, from + part)));
      }
    }
    return fewer;
  }

  private static Script without(Script script, int from, int to) {
    List<Entry> rest = new ArrayList<>(script.entries().subList(0, from));
    rest.addAll(script.entries().subList(to, script.entries().size()));
    return new Script(rest);
  }

  // --- a shorter time

  private static List<Case> shorter(Case from) {
    List<Case> shorter = new ArrayList<>();
    Options options = from.options();
    long last = from.script().entries().stream().mapToLong(e -> millis(e.when())).max().orElse(0);
    for (long seconds : List.of(last / 1000 + 2, last / 1000 + 15, options.safetySeconds() / 2)) {
      if (seconds < options.safetySeconds()) {
        shorter.add(new Case(Plainer.lasting(options, seconds), from.script()));
      }
    }
    long first = from.script().entries().stream().mapToLong(e -> millis(e.when())).min().orElse(0);
    for (long by : List.of(first, first / 2)) {
      if (by >= 500) {
        Options less = Plainer.lasting(options, Math.max(2, options.safetySeconds() - by / 1000));
        shorter.add(new Case(less, earlier(from.script(), by)));
      }
    }
    return shorter;
  }

  private static long millis(When when) {
    return switch (when) {
      case When.At at -> at.millis();
      case When.AtStep at -> at.millis();
      case When.AtSending at -> at.millis();
    };
  }

  private static Script earlier(Script script, long by) {
    return new Script(
        script.entries().stream().map(e -> new Entry(earlier(e.when(), by), e.mishap())).toList());
  }

  private static When earlier(When when, long by) {
    return switch (when) {
      case When.At at -> new When.At(at.millis() - by);
      case When.AtStep at -> new When.AtStep(at.millis() - by, at.step());
      case When.AtSending at -> new When.AtSending(at.millis() - by, at.step(), at.micros());
    };
  }
}
