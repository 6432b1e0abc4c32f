package dev.regent.server.monitor;

import static dev.regent.server.render.Pictures.DB1;
import static dev.regent.server.render.Pictures.SPEC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.Observation.Kind;
import dev.regent.server.connect.Account;
import dev.regent.server.monitor.EventSettings.Credentials;
import dev.regent.server.monitor.EventSettings.Dialect;
import dev.regent.server.store.Json;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The call for the death of db1, in each dialect. */
final class ScriptCallTest {
  private static final Account ACCOUNT = new Account("regent", "a b'c");

  static EventSettings settings(Dialect dialect, Credentials credentials, String... script) {
    return new EventSettings(
        List.of(script),
        EnumSet.allOf(MonitorEvent.class),
        Duration.ofSeconds(20),
        dialect,
        credentials,
        false,
        OptionalLong.empty(),
        List.of());
  }

  private static ScriptCall call(Dialect dialect, Credentials credentials, String... script) {
    return new ScriptCall(settings(dialect, credentials, script), SPEC, ACCOUNT);
  }

  static Change primaryDied() {
    Scene scene = new Scene();
    Sensor sensor = new Sensor(false);
    sensor.look(scene.take());
    scene.pass(250).miss(DB1, Kind.REFUSED).miss(DB1, Kind.REFUSED).diagnosed(scene.dead());
    Sensor.Move move = sensor.look(scene.take()).getFirst();
    return new Change(
        1_795_435_200_250L,
        MonitorEvent.PRIMARY_DOWN,
        move.before(),
        move.after(),
        sensor.states());
  }

  @Test
  void fixedArgumentsNameAllServersTheDeadOneIncluded() {
    assertThat(
            call(Dialect.FIXED, Credentials.REFUSED, "/x/failover.sh", "-v").words(primaryDied()))
        .containsExactly(
            "/x/failover.sh",
            "-v",
            "--event=master_down",
            "--initiator=127.0.0.1:3306",
            "--nodelist=127.0.0.1:3306,127.0.0.1:3307,127.0.0.1:3308");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--e=$EVENT         | --e=master_down",
        "$INITIATOR         | 127.0.0.1:3306",
        "--all=$LIST        | --all=127.0.0.1:3306,127.0.0.1:3307,127.0.0.1:3308",
        "$NODELIST          | 127.0.0.1:3307,127.0.0.1:3308",
        "-m=$MASTERLIST.    | -m=.",
        "$SLAVELIST         | 127.0.0.1:3307,127.0.0.1:3308",
        "-s=$SYNCEDLIST     | -s=",
        "-p=$PARENT         | -p=",
        "$CHILDREN          | 127.0.0.1:3307,127.0.0.1:3308",
        "$INITIATOR,$EVENT  | 127.0.0.1:3306,master_down",
        "$HOME and $UNKNOWN | $HOME and $UNKNOWN",
      })
  void placeholdersInsideTheirWords(String word, String expanded) {
    assertThat(call(Dialect.PLAIN, Credentials.REFUSED, "/x", word).words(primaryDied()))
        .containsExactly("/x", expanded);
  }

  @Test
  void wordThatComesToNothingIsLeftOut() {
    assertThat(call(Dialect.PLAIN, Credentials.REFUSED, "/x", "$PARENT", "").words(primaryDied()))
        .containsExactly("/x", "");
  }

  @Test
  void laterReleasesPutAddressesInBrackets() {
    assertThat(
            call(Dialect.BRACKETS, Credentials.REFUSED, "/x", "$INITIATOR", "$NODELIST")
                .words(primaryDied()))
        .containsExactly("/x", "[127.0.0.1]:3306", "[127.0.0.1]:3307,[127.0.0.1]:3308");
  }

  @Test
  void credentialsThatAreAllowedAreStillNotShown() {
    ScriptCall call = call(Dialect.BRACKETS, Credentials.ARGUMENTS, "/x", "$CREDENTIALS");
    assertThat(call.words(primaryDied()).getLast())
        .startsWith("regent:a b'c@[127.0.0.1]:3306,regent:a b'c@[127.0.0.1]:3307,");
    assertThat(call.shown(primaryDied())).containsExactly("/x", "$CREDENTIALS");
    assertThat(call.environment(primaryDied())).doesNotContainKey("REGENT_CREDENTIALS");
  }

  @Test
  void credentialsMayComeByTheEnvironment() {
    ScriptCall call = call(Dialect.FIXED, Credentials.ENVIRONMENT, "/x");
    assertThat(call.environment(primaryDied()).get("REGENT_CREDENTIALS"))
        .startsWith("regent:a b'c@127.0.0.1:3306,");
    assertThat(call.words(primaryDied())).noneMatch(w -> w.contains("regent:"));
  }

  @Test
  void theEnvironmentTellsEverything() {
    String json =
        call(Dialect.FIXED, Credentials.REFUSED, "/x")
            .environment(primaryDied())
            .get("REGENT_EVENT");
    ObjectNode about = Json.read(String.valueOf(json), ObjectNode.class);
    assertThat(about.path("event").asString()).isEqualTo("master_down");
    assertThat(about.path("cluster").asString()).isEqualTo("shop");
    assertThat(about.path("time").asString()).isEqualTo("2026-11-23T12:00:00.250Z");
    assertThat(about.path("initiator").asString()).isEqualTo("db1");
    assertThat(about.path("before").asString()).isEqualTo("Master, Running");
    assertThat(about.path("after").asString()).isEqualTo("Down");
    JsonNode db2 = about.path("servers").get(1);
    assertThat(db2.toString())
        .isEqualTo(
            "{\"name\":\"db2\",\"host\":\"127.0.0.1\",\"port\":3307,\"status\":\"Slave,"
                + " Running\",\"running\":true,\"primary\":false,\"replica\":true,"
                + "\"maintenance\":false,\"source\":\"db1\",\"lag_seconds\":0}");
  }
}
