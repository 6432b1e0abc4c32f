package dev.regent.lab.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.regent.lab.machine.Parallel;
import dev.regent.lab.scenario.Scenario;
import dev.regent.lab.scenario.Setup;
import dev.regent.lab.scenario.Through;
import dev.regent.lab.script.Catalogue;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The short form: some scenarios of each kind, once, in the profile they are made for. The long
 * one, with all of them, is {@code regent drill --all --rounds N}.
 */
@Tag("real")
class DrillTest {
  /** Much of a round is waiting: three at a time fill two processors. */
  private static final int LANES = 3;

  private static final List<String> SHORT =
      List.of(
          "kill",
          "stop",
          "kill-twice",
          "outage",
          "flapping",
          "freeze",
          "hung-commits",
          "kill-candidate",
          "replica-restart-midway",
          "relay-log-only",
          "late-replicas",
          "manager-killed-midway",
          "manager-frozen-midway",
          "manager-and-primary",
          "tamper-open-replica",
          "tamper-close-primary",
          "errant-replica",
          "switchover",
          "switchover-primary-killed",
          "isolate-primary",
          "manager-cut",
          "reset-connections",
          "one-way-replication",
          "disk-full-replica");

  private static final boolean SKIP = "yes".equals(System.getenv("REGENT_SKIP_NAMESPACES"));

  @TestFactory
  Stream<DynamicTest> scenarioEndsAsItMust() {
    List<Account> accounts = Parallel.map(lanes(), DrillTest::play);
    return scenarios().map(s -> DynamicTest.dynamicTest(s.name(), () -> judge(s, accounts)));
  }

  private static Stream<Scenario> scenarios() {
    List<Scenario> all = Catalogue.all();
    assertThat(all).extracting(Scenario::name).containsAll(SHORT);
    return all.stream().filter(s -> SHORT.contains(s.name()));
  }

  private static Account play(List<Series.Item> items) {
    try {
      return new Series(new PrintStream(PrintStream.nullOutputStream()), 0, Through.MIXED)
          .play(items, SKIP);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void judge(Scenario scenario, List<Account> accounts) {
    List<String> skipped =
        accounts.stream().flatMap(a -> a.skipped(scenario.name()).stream()).toList();
    if (SKIP) {
      Assumptions.assumeTrue(skipped.isEmpty(), skipped::toString);
    }
    assertThat(skipped).as("cannot be played here").isEmpty();
    List<Round> rounds =
        accounts.stream()
            .flatMap(a -> a.rounds().stream())
            .filter(r -> r.scenario().name().equals(scenario.name()))
            .toList();
    assertThat(rounds).hasSize(1);
    Round round = rounds.getFirst();
    // The complaints first: a report may cut off what follows.
    if (!round.held()) {
      fail(
          String.join("\n", round.complaints())
              + "\n"
              + round.line()
              + "\nwhat was done:\n"
              + String.join("\n", round.story())
              + "\n"
              + round.traces());
    }
  }

  /** Scenarios that share a ground stay together; most share the usual one, which is divided. */
  private static List<List<Series.Item>> lanes() {
    List<Series.Item> items =
        scenarios()
            .map(s -> new Series.Item(s, s.profiles().getFirst(), 1))
            .sorted(Comparator.comparing(DrillTest::ground))
            .toList();
    List<List<Series.Item>> lanes = new ArrayList<>();
    for (int i = 0; i < LANES; i++) {
      int from = items.size() * i / LANES;
      lanes.add(items.subList(from, items.size() * (i + 1) / LANES));
    }
    return lanes;
  }

  private static String ground(Series.Item item) {
    Setup setup = item.scenario().setup();
    return item.profile() + setup;
  }
}
