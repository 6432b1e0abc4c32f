package dev.regent.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.cli.console.Sight;
import dev.regent.core.analyze.Diagnosis.Severity;
import dev.regent.core.model.GtidPosition;
import dev.regent.server.render.Page.Tone;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SightReaderTest {
  private static final String STATUS =
      """
      {"cluster":"shop","profile":"safe","failover":"script","at":"2026-11-23T12:00:00Z",
       "healthy":false,"epoch":7,"lossFree":false,"lossFreeReasons":["db2 is late","db3 is gone"],
       "routing":{"epoch":7,"primary":"db1","address":"127.0.0.1:3306","writes":"held"},
       "paused":{"by":"ann","reason":"new switch","since":"2026-11-23T11:00:00Z"},
       "plan":{"id":12,"kind":"switchover","why":"by order","intents":["freeze db1"]},
       "servers":[
        {"name":"db1","address":"127.0.0.1:3306","role":"primary","source":null,"state":"open",
         "marks":[],"reachable":true,"version":"11.4.5","writable":true,"applied":"0-1-9",
         "received":null,"lagSeconds":null,"semiSync":false,"syncMember":false,
         "acknowledging":{"replicas":2,"waiting":3},"errant":null,"maintenance":null,"channels":[]},
        {"name":"db2","address":"127.0.0.1:3307","role":"replica","source":"db1","state":"running",
         "marks":["sync","to be compared"],"reachable":true,"version":"11.4.5","writable":false,
         "applied":"0-1-8","received":"0-1-9","lagSeconds":4,"semiSync":true,"syncMember":true,
         "acknowledging":null,"errant":["0-2-1..3"],"maintenance":{"by":"ann"},
         "channels":[{"io":"yes","sql":true,"error":null}]},
        {"name":"db3","address":"127.0.0.1:3308","role":"none","source":null,
         "state":"connection refused","marks":[],"reachable":false,"writable":false}],
       "diagnoses":[
        {"name":"PrimaryWell","severity":"ok","sentence":"db1 is well","decision":null},
        {"name":"ReplicaLate","severity":"warning","sentence":"db2 is late","decision":null},
        {"name":"X","severity":"critical","sentence":"db3 is gone","decision":"hold","why":"paused"}]}
      """;

  private final Sight sight = SightReader.read(STATUS);

  @Test
  void clusterInAFewWords() {
    assertThat(sight.mode()).containsExactly("safe", "failover by script", "epoch 7");
    assertThat(sight.guarantee())
        .isEqualTo(
            Sight.Note.of(
                Severity.WARNING, "loss-free failover: no, because db2 is late; db3 is gone"));
    assertThat(sight.writes()).contains("held");
    assertThat(sight.paused()).contains("by ann: new switch");
    assertThat(sight.plan()).contains("switchover (plan 12): freeze db1");
  }

  @Test
  void gravestFirstWithTheReasonOfAHoldAndNothingThatIsWell() {
    assertThat(sight.notes())
        .containsExactly(
            new Sight.Note(Severity.CRITICAL, "db3 is gone", Optional.of("paused")),
            Sight.Note.of(Severity.WARNING, "db2 is late"));
  }

  @Test
  void serversAsTheyAre() {
    Sight.Server primary = sight.primary().orElseThrow();
    assertThat(primary.tone()).isEqualTo(Tone.GOOD);
    assertThat(primary.acknowledging()).isEqualTo("semi-sync replicas: 2, commits waiting: 3");
    Sight.Server replica = sight.server("db2").orElseThrow();
    assertThat(replica.semiSync()).isEqualTo("sync");
    assertThat(replica.marks()).containsExactly("to be compared");
    assertThat(replica.received()).contains(GtidPosition.parse("0-1-9"));
    assertThat(replica.lagSeconds()).hasValue(4);
    assertThat(replica.errant()).contains(List.of("0-2-1..3"));
    assertThat(replica.maintenance()).isTrue();
    Sight.Server gone = sight.server("db3").orElseThrow();
    assertThat(gone.role()).isEqualTo("-");
    assertThat(gone.tone()).isEqualTo(Tone.BAD);
    assertThat(gone.writable()).as("nobody knows").isEmpty();
  }
}
