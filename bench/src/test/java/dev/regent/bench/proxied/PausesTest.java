package dev.regent.bench.proxied;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.bench.proxied.Pauses.Call;
import dev.regent.bench.proxied.Pauses.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which calls a role change kept waiting. */
class PausesTest {
  private static final long MILLI = 1_000_000;

  private static Call write(int client, long began, long ended) {
    return new Call(client, "write", began * MILLI, ended * MILLI, true);
  }

  private static Call read(int client, long began, long ended) {
    return new Call(client, "read", began * MILLI, ended * MILLI, false);
  }

  private static Span span(long began, long ended) {
    return new Span(began * MILLI, ended * MILLI);
  }

  /** Nobody writes from 110 to 250. The role change was ordered at 120. */
  private static final Pauses CHANGE =
      new Pauses(
          List.of(
              write(1, 0, 90),
              write(1, 95, 110),
              write(1, 112, 250),
              write(2, 90, 105),
              read(2, 106, 255),
              write(2, 256, 410),
              write(1, 251, 257),
              write(3, 300, 330),
              write(1, 400, 700)));

  @Test
  void standsStillFromTheLastWriteBeforeToTheFirstOneAfter() {
    assertThat(CHANGE.standstill(span(120, 300))).contains(span(110, 250));
  }

  @Test
  void keptWaitingAreThoseUnderWayAndEachClientsNextOne() {
    assertThat(CHANGE.keptWaiting(span(110, 250))).contains(write(2, 256, 410));
  }

  @Test
  void longestOfAllMayHaveNothingToDoWithIt() {
    assertThat(CHANGE.longest(span(120, 500))).isEqualTo(300);
    assertThat(CHANGE.longest(span(120, 500).before())).isEqualTo(149);
  }

  @Test
  void nobodyStandsStillWhoNeverWrote() {
    assertThat(new Pauses(List.of(read(1, 0, 10))).standstill(span(0, 10))).isEmpty();
  }
}
