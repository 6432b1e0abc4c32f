package dev.regent.sim.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.sim.commit.Release;
import dev.regent.sim.commit.Release.Truncation;
import dev.regent.sim.contract.CaseBroken;
import dev.regent.sim.contract.ContractCase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract, told to simulated servers of all versions, each a few times. */
class SimContractTest {
  private static final int SEEDS = 5;

  /** What the simulated server does not know, and why it need not. */
  private static final Map<String, String> EXEMPT = new LinkedHashMap<>();

  static {
    EXEMPT.put("errantIsRefusedByCurrentPositionToo", "the core never says current_pos");
  }

  static List<ContractCase> cases() {
    return Contract.all().stream().filter(story -> !EXEMPT.containsKey(story.name())).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void simulatedServersDoAs(ContractCase story) {
    List<String> complaints = new ArrayList<>();
    for (Release release : Release.all()) {
      for (long seed = 1; seed <= SEEDS; seed++) {
        complaints.addAll(tell(story, release, seed));
      }
    }
    assertThat(complaints).as(story.source()).isEmpty();
  }

  private static List<String> tell(ContractCase story, Release release, long seed) {
    String where = release.version() + ", seed " + seed + ": ";
    try {
      return story.tell(SimSubject.start(release, story.setting(), seed)).stream()
          .filter(fact -> !fact.holds())
          .map(fact -> where + fact)
          .toList();
    } catch (CaseBroken e) {
      return List.of(where + e.getMessage());
    }
  }

  /** A contract that a server of another kind would pass is none. */
  static List<Release> otherKinds() {
    String version = Release.V11_4.version();
    Truncation role = Truncation.ROLE_REPLICA;
    return List.of(
        new Release(version, Truncation.NEVER, true, false, true, true),
        new Release(version, Truncation.SEMI_SYNC_REPLICA, true, false, true, true),
        new Release(version, role, false, false, true, true),
        new Release(version, role, true, true, true, true),
        new Release(version, role, true, false, false, true),
        new Release(version, role, true, false, true, false));
  }

  @ParameterizedTest
  @MethodSource("otherKinds")
  void serverOfAnotherKindIsFoundOut(Release other) {
    assertThat(cases()).anySatisfy(story -> assertThat(tell(story, other, 1)).isNotEmpty());
  }

  @Test
  void exemptCasesExist() {
    assertThat(Contract.all()).extracting(ContractCase::name).containsAll(EXEMPT.keySet());
  }
}
