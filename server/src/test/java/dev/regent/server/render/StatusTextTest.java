package dev.regent.server.render;

import static dev.regent.server.render.Pictures.DB1;
import static dev.regent.server.render.Pictures.DB2;
import static dev.regent.server.render.Pictures.DB3;
import static dev.regent.server.render.Pictures.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Entry;
import dev.regent.core.control.Event;
import dev.regent.core.control.Picture;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterRecord.Maintenance;
import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.model.ClusterRecord.Pause;
import dev.regent.core.model.ClusterRecord.Quarantine;
import dev.regent.core.model.GtidState.Range;
import dev.regent.core.model.Observation;
import dev.regent.core.plan.Decision;
import dev.regent.core.plan.Decision.Reason;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class StatusTextTest {
  @Test
  void healthyCluster() {
    List<Event> events =
        List.of(
            new Event.Started(ago(5000), "shop", 3, 7),
            new Event.Routed(ago(4800), Pictures.routed(7, DB1, false)));
    assertThat(text(Pictures.healthy(), events))
        .isEqualTo(
            """
            shop: healthy, profile safe, epoch 7

            SERVER  ROLE     RW  LAG   APPLIED      RECEIVED     SEEN   STATE
            db1     primary  rw        0-1-1234567               0.1 s  open
            ├─ db2  replica  ro  0 s   0-1-1234567  all          0.1 s  running, sync
            └─ db3  replica  ro  12 s  0-1-1234533  0-1-1234567  0.1 s  running, sync

            loss-free failover: yes
            writes    go to db1 (epoch 7)

            11:59:55.000  manager took office on cluster shop: incarnation 3, epoch 7
            11:59:55.200  epoch 7: writes go to db1; replicas db2, db3
            """);
  }

  @Test
  void deadPrimaryOnHold() {
    Diagnosis dead =
        new Diagnosis.PrimaryDead(DB1, Diagnosis.PrimaryDead.Cause.CRASH, List.of(DB2), NOW);
    Pictures pictures =
        Pictures.healthy()
            .missed(DB1, Observation.Kind.REFUSED, Duration.ofMillis(4200))
            .missed(DB3, Observation.Kind.TIMEOUT, Duration.ofSeconds(340))
            .showing(
                DB2,
                Pictures.replica(
                    "0-1-1234567",
                    Pictures.channel("0-1-1234567", ThreadState.CONNECTING, true, 0)))
            .notLossFree("sync member db3 is unreachable")
            .diagnosed(
                new Diagnosis.ReplicaUnreachable(
                    DB3, Observation.Kind.TIMEOUT, Duration.ofSeconds(340)),
                dead)
            .decided(
                new Decision.Hold(
                    dead,
                    Reason.SYNC_MEMBER_MISSING,
                    "db3 may hold acknowledged transactions and cannot be reached"));
    assertThat(text(pictures, List.of()))
        .isEqualTo(
            """
            shop: not healthy, profile safe, epoch 7

            SERVER  ROLE     RW  LAG  APPLIED      RECEIVED     SEEN   STATE
            db1     primary  ?        0-1-1234567               4.3 s  connection refused
            ├─ db2  replica  ro  0 s  0-1-1234567  all          0.1 s  connecting, sync
            └─ db3  replica  ?        0-1-1234533  0-1-1234567  5 min  no answer in time,
                                                                       sync

            loss-free failover: no, because sync member db3 is unreachable
            writes    go to db1 (epoch 7)
            critical  db1 is dead: its port refuses connections, and db2 lost it too
              hold    db3 may hold acknowledged transactions and cannot be reached
            warning   db3 has not answered for 340 s (no answer in time)
            """);
  }

  @Test
  void failoverRunning() {
    OpenPlan plan =
        new OpenPlan(
            12,
            "FAILOVER",
            "db1 is dead: its port refuses connections, and db2 and db3 lost it too",
            8,
            Optional.of(DB1),
            Optional.of(DB2),
            true,
            false,
            ago(150),
            List.of("stop receiving on db2 and read its position", "stop replication on db2"),
            new TreeSet<>(List.of(DB2)),
            Optional.empty());
    Pictures pictures =
        Pictures.healthy()
            .missed(DB1, Observation.Kind.REFUSED, Duration.ofMillis(300))
            .showing(
                DB2,
                Pictures.replica(
                    "0-1-1234567", Pictures.channel("0-1-1234567", ThreadState.NO, false, 0)))
            .showing(
                DB3,
                Pictures.replica(
                    "0-1-1234533", Pictures.channel("0-1-1234567", ThreadState.NO, true, 0)))
            .diagnosed(
                new Diagnosis.PrimaryDead(
                    DB1, Diagnosis.PrimaryDead.Cause.CRASH, List.of(DB2, DB3), NOW))
            .and(new Entry.PlanOpened(plan))
            .routing(Pictures.routed(7, DB1, true));
    List<Event> events =
        List.of(
            new Event.StepEnded(
                ago(60), 12, DB2, "stop receiving on db2 and read its position", "done", ""));
    assertThat(text(pictures, events))
        .isEqualTo(
            """
            shop: not healthy, profile safe, epoch 7

            SERVER  ROLE     RW  LAG  APPLIED      RECEIVED     SEEN   STATE
            db1     primary  ?        0-1-1234567               0.4 s  connection refused
            ├─ db2  replica  ro  0 s  0-1-1234567  all          0.1 s  stopped, sync
            └─ db3  replica  ro  0 s  0-1-1234533  0-1-1234567  0.1 s  not receiving, sync

            loss-free failover: yes
            writes    go to db1 (epoch 7), held: a role change is under way
            running   plan 12 (failover) for 0.3 s: db1 is dead: its port refuses
                      connections, and db2 and db3 lost it too; now: stop replication on db2
            critical  db1 is dead: its port refuses connections, and db2 and db3 lost it too

            11:59:59.940  plan 12: stop receiving on db2 and read its position: done
            """);
  }

  @Test
  void quarantinedServerMaintenanceAndPause() {
    Quarantine quarantine =
        new Quarantine(
            "3 errant transactions",
            List.of(new Range(0, 1, 901, 903)),
            "/var/lib/regent/errant-db3.sql",
            ago(60_000));
    Pictures pictures =
        Pictures.healthy()
            .showing(DB3, Pictures.replica("0-1-903"))
            .and(
                new Entry.Isolated(DB3, quarantine),
                new Entry.MaintenanceBegan(DB2, new Maintenance("ada", "new disk", ago(9000))),
                new Entry.Paused(new Pause("ada", "network works", ago(3_600_000))))
            .diagnosed(
                new Diagnosis.PrimaryWell(DB1, 7),
                new Diagnosis.Quarantined(DB3, quarantine.reason(), quarantine.file()));
    assertThat(text(pictures, List.of()))
        .isEqualTo(
            """
            shop: not healthy, profile safe, epoch 7
            paused    by ada since 2026-11-23 11:00:00.000: network works; no automatic
                      action until 'regent resume'

            SERVER  ROLE     RW  LAG  APPLIED      RECEIVED  SEEN   STATE
            db1     primary  rw       0-1-1234567            0.1 s  open
            └─ db2  replica  ro  0 s  0-1-1234567  all       0.1 s  running, sync,
                                                                    maintenance by ada: new
                                                                    disk
            db3     -        ro       0-1-903                0.1 s  held out, sync,
                                                                    quarantined: 3 errant
                                                                    transactions

            loss-free failover: yes
            writes    go to db1 (epoch 7)
            warning   db3 is quarantined: 3 errant transactions; its transactions are saved
                      in /var/lib/regent/errant-db3.sql
            """);
  }

  @Test
  void picturesOfADaemonThatHangsAreCalledStale() {
    Page later = new Page(80, false, ZoneOffset.UTC, NOW.plus(Duration.ofSeconds(42)));
    Picture picture = Pictures.healthy().take();
    assertThat(StatusText.render(picture, List.of(), later))
        .anyMatch(l -> l.startsWith("stale     this picture is 42 s old"));
    assertThat(StatusText.healthy(picture, later.now())).isFalse();
  }

  @Test
  void coloursOnlyWhenAsked() {
    Picture picture = Pictures.healthy().take();
    Page colorful = new Page(80, true, ZoneOffset.UTC, NOW);
    assertThat(String.join("\n", StatusText.render(picture, List.of(), colorful)))
        .contains("\u001b[32mhealthy\u001b[0m");
    assertThat(text(Pictures.healthy(), List.of())).doesNotContain("\u001b");
  }

  private static String text(Pictures pictures, List<Event> events) {
    List<String> lines =
        StatusText.render(
            pictures.take(), events.stream().map(Pictures::told).toList(), Pictures.page());
    assertThat(lines).allMatch(l -> l.length() <= 80, "fits 80 columns");
    return String.join("\n", lines.stream().map(String::stripTrailing).toList()) + "\n";
  }

  /** Wall clock, before the picture. */
  private static long ago(long millis) {
    return NOW.millis() - millis;
  }
}
