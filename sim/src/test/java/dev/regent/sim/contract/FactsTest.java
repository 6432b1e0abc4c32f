package dev.regent.sim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.sim.contract.Facts.Fact;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FactsTest {
  private final Facts facts = new Facts();

  @Test
  void whatIsSeenOtherwiseDoesNotHold() {
    facts.is("client", new Outcome.Failed(1290), Outcome.OK);
    facts.isTrue("it counts still", false);
    assertThat(facts.all()).noneMatch(Fact::holds);
    assertThat(facts.all()).first().hasToString("client: error 1290, not OK");
  }

  @Test
  void whatIsSeenAsExpectedHolds() {
    facts.is("client", new Outcome.Ok("1"), new Outcome.Ok("1"));
    facts.is("rows", List.of(1L, 2L), List.of(1L, 2L));
    facts.isTrue("it counts still", true);
    assertThat(facts.all()).allMatch(Fact::holds);
  }

  @Test
  void timesHaveBoundsOnBothSides() {
    Duration least = Duration.ofMillis(100);
    Duration most = Duration.ofMillis(200);
    for (int millis : new int[] {99, 100, 200, 201}) {
      facts.isBetween("it takes", Duration.ofMillis(millis), least, most);
    }
    assertThat(facts.all()).extracting(Fact::holds).containsExactly(false, true, true, false);
    assertThat(facts.all()).last().hasToString("it takes: 201 ms, not within 100 to 200 ms");
  }
}
