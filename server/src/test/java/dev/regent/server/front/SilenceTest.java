package dev.regent.server.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.Moment;
import dev.regent.core.model.Observation.Kind;
import dev.regent.core.model.Observation.Missed;
import dev.regent.core.model.ServerId;
import org.junit.jupiter.api.Test;

class SilenceTest {
  private static final ServerId DB1 = new ServerId("db1");
  private static final ServerId DB2 = new ServerId("db2");

  private final Silence silence = new Silence();

  private boolean missed(ServerId server, Kind kind, long millis) {
    return silence.observed(server, new Missed(kind, "", new Moment(millis * 1_000_000, millis)));
  }

  @Test
  void isToldOnceWhenItHasLasted() {
    assertThat(missed(DB1, Kind.TIMEOUT, 0)).isFalse();
    assertThat(missed(DB1, Kind.TIMEOUT, 999)).isFalse();
    assertThat(missed(DB1, Kind.TIMEOUT, 1_000)).isTrue();
    assertThat(missed(DB1, Kind.TIMEOUT, 5_000)).isFalse();
  }

  @Test
  void endsWithAnySignOfLife() {
    missed(DB1, Kind.TIMEOUT, 0);
    // Whoever has a connection notices by himself.
    assertThat(missed(DB1, Kind.REFUSED, 900)).isFalse();
    assertThat(missed(DB1, Kind.TIMEOUT, 1_100)).isFalse();
    assertThat(missed(DB1, Kind.TIMEOUT, 2_100)).isTrue();
  }

  @Test
  void isEachServersOwn() {
    missed(DB1, Kind.TIMEOUT, 0);
    assertThat(missed(DB2, Kind.TIMEOUT, 1_000)).isFalse();
    assertThat(missed(DB1, Kind.TIMEOUT, 1_000)).isTrue();
  }
}
