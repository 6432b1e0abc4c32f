package dev.regent.server.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.ServerId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every pair of states that matters, and what each of the two rule books says of it. */
final class DerivationTest {
  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          before               | after                | corrected              | strict
          Master Running       | Down                 | master_down            | master_down
          Slave Running        | Down                 | slave_down             | slave_down
          Running              | Down                 | server_down            | server_down
          Down                 | Master Running       | master_up              | master_up
          Down                 | Slave Running        | slave_up               | slave_up
          Down                 | Running              | server_up              | server_up
          Running              | Master Running       | new_master             | new_master
          Running              | Slave Running        | new_slave              | new_slave
          Slave Running        | Master Running       | new_master             | new_master
          Master Running       | Slave Running        | lost_master new_slave  | new_slave
          Master Running       | Running              | lost_master            | lost_master
          Slave Running        | Running              | lost_slave             | lost_slave
          Master Running       | Master Running       |                        |
          Down                 | Down                 |                        |
          Slave Running        | Maint Slave Running  |                        | new_slave
          Master Running       | Maint Master Running |                        | new_master
          Maint Master Running | Master Running       |                        | new_master
          Running              | Maint Running        |                        |
          Maint Slave Running  | Maint Down           |                        | slave_down
          Down                 | Auth Down            |                        |
          """,
      useHeadersInDisplayName = true)
  void eachPairOfStates(String before, String after, String corrected, String strict) {
    ServerState was = state(before);
    ServerState is = state(after);
    assertThat(words(Derivation.corrected(was, is))).isEqualTo(corrected == null ? "" : corrected);
    assertThat(words(Derivation.strict(was, is))).isEqualTo(strict == null ? "" : strict);
  }

  @Test
  void lagThatPassesTheThreshold() {
    assertThat(lag("3", "10")).isEmpty();
    assertThat(lag("10", "11")).containsExactly(MonitorEvent.LAG_ABOVE);
    assertThat(lag("11", "60")).isEmpty();
    assertThat(lag("60", "")).isEmpty();
    assertThat(lag("60", "10")).containsExactly(MonitorEvent.LAG_BELOW);
    assertThat(lag("", "60")).containsExactly(MonitorEvent.LAG_ABOVE);
  }

  private static List<MonitorEvent> lag(String before, String after) {
    return Derivation.lag(lagging(before), lagging(after), 10);
  }

  private static ServerState lagging(String seconds) {
    OptionalLong lag =
        seconds.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(seconds));
    return new ServerState(
        new ServerId("db1"), true, false, false, true, false, Optional.empty(), lag);
  }

  private static ServerState state(String words) {
    return new ServerState(
        new ServerId("db1"),
        words.contains("Running"),
        words.contains("Maint"),
        words.contains("Master"),
        words.contains("Slave"),
        words.contains("Auth"),
        Optional.empty(),
        OptionalLong.empty());
  }

  private static String words(List<MonitorEvent> events) {
    return String.join(" ", events.stream().map(MonitorEvent::word).toList());
  }
}
