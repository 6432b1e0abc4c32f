package dev.regent.server.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.ServerId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuspicionTest {
  private static final ServerId DB1 = new ServerId("db1");
  private static final ServerId DB2 = new ServerId("db2");

  private final List<ServerId> looks = new ArrayList<>();
  private long now = Long.MAX_VALUE - 5;
  private final Suspicion suspicion = new Suspicion(looks::add, () -> now);

  @Test
  void floodOfLossesIsOneLook() {
    for (int i = 0; i < 1000; i++) {
      suspicion.accept(DB1);
      now += 1000;
    }
    assertThat(looks).containsExactly(DB1);
  }

  @Test
  void eachServerIsCountedApart() {
    suspicion.accept(DB1);
    suspicion.accept(DB2);
    assertThat(looks).containsExactly(DB1, DB2);
  }

  @Test
  void laterLossIsAnotherLook() {
    suspicion.accept(DB1);
    now += Suspicion.QUIET.toNanos() - 1;
    suspicion.accept(DB1);
    assertThat(looks).hasSize(1);
    now += 1;
    suspicion.accept(DB1);
    assertThat(looks).hasSize(2);
  }
}
