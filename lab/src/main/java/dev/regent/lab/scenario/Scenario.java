package dev.regent.lab.scenario;

import java.util.List;
import java.util.Optional;

/**
 * One way to break a cluster, and what must come of it.
 *
 * @param sentence what is done, in one sentence
 * @param profiles where it has a meaning; the first one is the one it is made for
 * @param needs what the machine must have for it
 * @param weight how many rounds it gets in a long drill for one of the others
 */
public record Scenario(
    String name,
    FaultClass fault,
    String sentence,
    List<String> profiles,
    Setup setup,
    List<Need> needs,
    int weight,
    Expected expected,
    Script script) {
  public static final String SAFE = "safe";
  public static final String AVAILABLE = "available";
  public static final String ASYNC = "async";

  /** All three, safe first. */
  public static final List<String> ALL = List.of(SAFE, AVAILABLE, ASYNC);

  public Scenario {
    profiles = List.copyOf(profiles);
    needs = List.copyOf(needs);
  }

  /** In profile safe, on the usual ground. */
  public static Scenario of(
      String name, FaultClass fault, String sentence, Expected expected, Script script) {
    return new Scenario(
        name, fault, sentence, List.of(SAFE), Setup.usual(), List.of(), 1, expected, script);
  }

  public Scenario in(String... profilesHere) {
    return new Scenario(
        name, fault, sentence, List.of(profilesHere), setup, needs, weight, expected, script);
  }

  public Scenario in(List<String> profilesHere) {
    return in(profilesHere.toArray(String[]::new));
  }

  public Scenario on(Setup ground) {
    return new Scenario(name, fault, sentence, profiles, ground, needs, weight, expected, script);
  }

  public Scenario needing(Need... what) {
    return new Scenario(
        name, fault, sentence, profiles, setup, List.of(what), weight, expected, script);
  }

  public Scenario weighing(int times) {
    return new Scenario(name, fault, sentence, profiles, setup, needs, times, expected, script);
  }

  /** The first reason why it cannot be played here. */
  public Optional<String> unavailable() {
    return needs.stream().flatMap(n -> n.missing().get().stream()).findFirst();
  }
}
