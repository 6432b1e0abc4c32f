package dev.regent.lab.drill;

import dev.regent.lab.machine.LabException;
import dev.regent.lab.scenario.Ground;
import dev.regent.lab.scenario.Scenario;
import dev.regent.lab.scenario.Setup;
import dev.regent.lab.scenario.Through;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plays many rounds, one at a time. A ground serves the rounds that fit it for as long as it is
 * whole; then a new one is made.
 */
final class Series {
  /** Its tables and logs grow, and they lie in memory; a new cluster takes a few seconds. */
  private static final int ROUNDS_PER_GROUND = 25;

  private final PrintStream out;
  private final int servers;
  private final Through through;
  private final List<Round> rounds = new ArrayList<>();
  private final Map<String, String> skipped = new LinkedHashMap<>();
  private Optional<Ground> ground = Optional.empty();
  private int onThisGround;

  /** What to play, how often. */
  record Item(Scenario scenario, String profile, int times) {}

  /**
   * @param servers how many a cluster shall have at least
   * @param through which writers go through the proxy
   */
  Series(PrintStream out, int servers, Through through) {
    this.out = out;
    this.servers = servers;
    this.through = through;
  }

  Account play(List<Item> items, boolean skipAllowed) throws IOException {
    try {
      for (Item item : items) {
        Optional<String> missing = item.scenario().unavailable();
        if (missing.isPresent()) {
          skipped.put(item.scenario().name(), missing.get());
          out.println(item.scenario().name() + ": skipped: " + missing.get());
        } else {
          play(item);
        }
      }
    } finally {
      leaveGround();
    }
    return new Account(rounds, skipped, skipAllowed);
  }

  private void play(Item item) throws IOException {
    for (int i = 1; i <= item.times(); i++) {
      Round round = round(item, i);
      rounds.add(round);
      out.printf(
          "%s (%s) %d of %d: %s%n",
          item.scenario().name(), item.profile(), i, item.times(), round.line());
      round.complaints().forEach(c -> out.println("  " + c));
      out.flush();
    }
  }

  private Round round(Item item, int number) throws IOException {
    Ground here;
    try {
      here = groundFor(item);
    } catch (LabException e) {
      leaveGround();
      return new Round(
          item.scenario(),
          item.profile(),
          number,
          Optional.empty(),
          List.of("BROKEN OFF: no ground: " + e.getMessage()),
          List.of(),
          List.of(),
          "");
    }
    onThisGround++;
    Round round = Drill.play(item.scenario(), here, number, onThisGround);
    boolean whole = round.held() && round.tally().filter(t -> t.errant() == 0).isPresent();
    if (!whole || !here.arena().heldOut().isEmpty() || onThisGround >= ROUNDS_PER_GROUND) {
      leaveGround();
    }
    return round;
  }

  private Ground groundFor(Item item) throws IOException {
    Setup setup =
        item.scenario().setup().withServers(Math.max(servers, item.scenario().setup().servers()));
    if (ground.filter(g -> g.fits(setup, item.profile())).isPresent()) {
      return ground.get();
    }
    leaveGround();
    Ground fresh = Ground.open(setup, item.profile(), through);
    ground = Optional.of(fresh);
    return fresh;
  }

  private void leaveGround() throws IOException {
    if (ground.isPresent()) {
      Ground left = ground.get();
      ground = Optional.empty();
      onThisGround = 0;
      left.close();
    }
  }
}
