package dev.regent.server.render;

import static dev.regent.server.render.Pictures.DB1;
import static dev.regent.server.render.Pictures.DB2;
import static dev.regent.server.render.Pictures.DB3;
import static dev.regent.server.render.Pictures.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Entry;
import dev.regent.core.control.Event;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterRecord.Quarantine;
import dev.regent.core.model.GtidState.Range;
import dev.regent.core.model.Observation;
import dev.regent.core.plan.Decision;
import dev.regent.core.plan.Decision.Reason;
import dev.regent.server.store.Json;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class StatusJsonTest {

  @Test
  void healthyClusterInItsDocumentedShape() {
    Event event = new Event.Routed(NOW.millis(), Pictures.routed(7, DB1, false));
    ObjectNode json = json(Pictures.healthy(), event);

    assertThat(json.propertyNames())
        .containsExactly(
            "cluster",
            "profile",
            "failover",
            "at",
            "healthy",
            "epoch",
            "lossFree",
            "lossFreeReasons",
            "routing",
            "paused",
            "plan",
            "servers",
            "diagnoses",
            "events");
    assertThat(json.get("healthy").booleanValue()).isTrue();
    assertThat(json.get("routing").toString())
        .isEqualTo(
            "{\"epoch\":7,\"primary\":\"db1\",\"address\":\"127.0.0.1:3306\",\"writes\":\"open\","
                + "\"replicas\":[\"db2\",\"db3\"]}");
    assertThat(json.at("/servers/2").propertyNames())
        .containsExactly(
            "name",
            "address",
            "role",
            "source",
            "state",
            "marks",
            "reachable",
            "missed",
            "lastContactMillis",
            "version",
            "writable",
            "applied",
            "received",
            "binlogState",
            "lagSeconds",
            "semiSync",
            "syncMember",
            "acknowledging",
            "errant",
            "commitsPerSecond",
            "maintenance",
            "quarantine",
            "channels");
    assertThat(json.at("/servers/2/role").stringValue()).isEqualTo("replica");
    assertThat(json.at("/servers/2/source").stringValue()).isEqualTo("db1");
    assertThat(json.at("/servers/2/received").stringValue()).isEqualTo("0-1-1234567");
    assertThat(json.at("/servers/2/lagSeconds").intValue()).isEqualTo(12);
    assertThat(json.at("/events/0/name").stringValue()).isEqualTo("Routed");
  }

  @Test
  void whatIsWrongCarriesItsEvidenceAndDecision() {
    Diagnosis suspected =
        new Diagnosis.PrimarySuspected(DB1, Observation.Kind.TIMEOUT, NOW, "3 s of silence");
    Quarantine quarantine =
        new Quarantine("errant", List.of(new Range(0, 3, 5, 7)), "errant.sql", NOW.millis());
    ObjectNode json =
        json(
            Pictures.healthy()
                .missed(DB1, Observation.Kind.TIMEOUT, Duration.ofSeconds(2))
                .and(new Entry.Isolated(DB3, quarantine))
                .diagnosed(suspected)
                .decided(new Decision.Hold(suspected, Reason.WAITING, "silent for 2 s of 3 s")));

    assertThat(json.get("healthy").booleanValue()).isFalse();
    assertThat(json.at("/servers/0/missed/kind").stringValue()).isEqualTo("timeout");
    assertThat(json.at("/servers/0/missed/count").intValue()).isEqualTo(12);
    assertThat(json.at("/servers/0/lastContactMillis").intValue()).isEqualTo(2100);
    assertThat(json.at("/servers/2/quarantine/errant/0").stringValue()).isEqualTo("0-3-5..7");
    assertThat(json.at("/diagnoses/0/name").stringValue()).isEqualTo("PrimarySuspected");
    assertThat(json.at("/diagnoses/0/decision").stringValue()).isEqualTo("hold");
    assertThat(json.at("/diagnoses/0/reason").stringValue()).isEqualTo("waiting");
  }

  @Test
  void whatARestartedReplicaReceivedIsUnknown() {
    ObjectNode json =
        json(
            Pictures.healthy()
                .showing(
                    DB2,
                    Pictures.replica("0-1-9", Pictures.channel("", ThreadState.NO, false, 0))));
    assertThat(json.at("/servers/1/received").isNull()).isTrue();
  }

  private static ObjectNode json(Pictures pictures, Event... events) {
    List<Told> told = List.of(events).stream().map(Pictures::told).toList();
    String text = StatusJson.render(pictures.take(), told, Pictures.page().now());
    assertThat(text.lines()).hasSize(1);
    return Json.read(text, ObjectNode.class);
  }
}
