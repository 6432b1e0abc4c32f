package dev.regent.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.seen.Counters;
import dev.regent.proxy.seen.Neighbours;
import dev.regent.proxy.seen.Samples;
import dev.regent.proxy.wire.Err;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What of a session is counted. */
class CountedTest {
  private final Counters counters = new Counters();
  private final Samples samples = new Samples();
  private final Played played =
      Played.among(
          new Neighbours() {
            @Override
            public Optional<Place> find(long number) {
              return Optional.empty();
            }

            @Override
            public void end(long number) {}

            @Override
            public Counters counters() {
              return counters;
            }

            @Override
            public Samples samples() {
              return samples;
            }
          });

  @Test
  void statementsAreCountedByClassAndServer() {
    played.query("SELECT 1");
    played.ok(Played.AUTOCOMMIT);
    played.query("INSERT INTO t VALUES (1)");
    played.ok(Played.AUTOCOMMIT);
    assertThat(value("regent_proxy_statements_total", "read")).isEqualTo(1);
    assertThat(value("regent_proxy_statements_total", "change")).isEqualTo(1);
    assertThat(value("regent_proxy_server_statements_total", "db1")).isEqualTo(2);
  }

  @Test
  void unknownOutcomeIsCounted() {
    played.query("INSERT INTO t VALUES (1)");
    played.loseServer();
    assertThat(value("regent_proxy_reports_total", "unknown outcome")).isEqualTo(1);
  }

  @Test
  void repeatedReadAndItsHoldAreCounted() {
    played.query("SELECT 1");
    played.route(Played.held(1, Played.DB1));
    played.loseServer();
    assertThat(value("regent_proxy_statements_repeated_total", "server was lost")).isEqualTo(1);
    played.pass(Duration.ofMillis(70));
    played.route(Played.primary(2, Played.DB2));
    played.serverLetsIn();
    assertThat(value("regent_proxy_hold_seconds_count", "")).isEqualTo(1);
    assertThat(value("regent_proxy_hold_seconds_max", "")).isEqualTo(0.07);
  }

  @Test
  void slowOrFailedStatementsAreSampledWithoutValues() {
    played.query("SELECT 'secret', SLEEP(2)");
    played.pass(Samples.SLOW);
    played.ok(Played.AUTOCOMMIT);
    played.pass(Duration.ofSeconds(1));
    played.query("SELECT 'secret' FROM nowhere");
    played.server(Played.framed(1, new Err(1146, "42S02", "no").encode()));
    played.query("SELECT 1");
    played.ok(Played.AUTOCOMMIT);
    assertThat(samples.read())
        .extracting(Samples.Sample::digest)
        .containsExactly("SELECT ?, SLEEP(?)", "SELECT ? FROM nowhere");
    assertThat(samples.read()).extracting(Samples.Sample::error).containsExactly(0, 1146);
  }

  private double value(String name, String of) {
    return counters.read().stream()
        .filter(r -> r.name().equals(name) && r.of().equals(of))
        .mapToDouble(Counters.Reading::value)
        .sum();
  }
}
