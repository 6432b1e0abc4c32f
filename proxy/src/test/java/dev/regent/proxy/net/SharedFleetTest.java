package dev.regent.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.fleet.Member;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedFleetTest {
  private static final ServerId NEAR = new ServerId("near");
  private static final ServerId FAR = new ServerId("far");
  private static final ServerId STRONG = new ServerId("strong");
  private static final ServerId NEVER = new ServerId("never");
  private static final List<ServerId> TWO = List.of(NEAR, STRONG);

  private final SharedFleet fleet =
      new SharedFleet(
          new LinkedHashMap<>(
              Map.of(
                  NEAR, new Member(1, "berlin"),
                  FAR, new Member(1, "paris"),
                  STRONG, new Member(3, "berlin"),
                  NEVER, new Member(0, "berlin"))));

  @Test
  void weightsShareTheSessions() {
    for (int i = 0; i < 40; i++) {
      fleet.countSession(fleet.choose(TWO, "").orElseThrow(), 1);
    }
    assertThat(fleet.sessions(NEAR)).isEqualTo(10);
    assertThat(fleet.sessions(STRONG)).isEqualTo(30);
  }

  @Test
  void whoHasLeastToDoIsChosen() {
    fleet.countSession(NEAR, 5);
    fleet.countStatement(FAR, 1);
    assertThat(fleet.choose(List.of(NEAR, FAR), "")).contains(NEAR);
    fleet.countStatement(NEAR, 2);
    assertThat(fleet.choose(List.of(NEAR, FAR), "")).contains(FAR);
  }

  @Test
  void zoneComesFirst() {
    fleet.countStatement(NEAR, 100);
    assertThat(fleet.choose(List.of(FAR, NEAR), "berlin")).contains(NEAR);
    assertThat(fleet.choose(List.of(FAR), "berlin")).as("better than none").contains(FAR);
    assertThat(fleet.choose(List.of(FAR, NEAR), "rome")).contains(FAR);
    assertThat(fleet.choose(List.of(), "berlin")).isEmpty();
  }

  @Test
  void lagHasABound() {
    assertThat(fleet.reads(NEAR)).isTrue();
    assertThat(fleet.isFresh(NEAR, 5)).as("not known").isFalse();
    fleet.lags(NEAR, 5);
    assertThat(fleet.isFresh(NEAR, 5)).isTrue();
    assertThat(fleet.isFresh(NEAR, 4)).isFalse();
    assertThat(fleet.reads(NEVER)).as("weight 0").isFalse();
    assertThat(fleet.reads(new ServerId("new"))).isFalse();
  }
}
