package dev.regent.server.render;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Picture;
import dev.regent.core.model.Channel;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.Moment;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Decision;
import dev.regent.server.store.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * A picture as one JSON object, for {@code regent status --json}. The shape is kept: keys are
 * added, never renamed or removed. What is absent or unknown is null, times are UTC.
 *
 * <pre>
 * {"cluster", "profile", "failover": "automatic|manual|script", "at", "healthy", "epoch", "lossFree", "lossFreeReasons": [text],
 *  "routing": {"epoch", "primary", "address", "writes": "open|held|closed", "replicas": [name]},
 *  "paused": {"by", "reason", "since"} | null,
 *  "plan": {"id", "kind", "why", "epoch", "from", "to", "automatic", "since", "intents": [text]} | null,
 *  "servers": [{"name", "address", "role": "primary|relay|replica|none", "source", "state", "marks": [text],
 *    "reachable", "missed": {"kind", "detail", "since", "count"} | null, "lastContactMillis", "version",
 *    "writable", "applied", "received", "binlogState", "lagSeconds", "syncMember", "semiSync",
 *    "acknowledging": {"replicas", "waiting"} | null, "errant": [text] | null, "commitsPerSecond",
 *    "maintenance": {"by", "reason", "since"} | null,
 *    "quarantine": {"reason", "errant": [text], "file", "since"} | null,
 *    "channels": [{"name", "source", "io": "no|connecting|yes", "sql", "lagSeconds", "error"}]}],
 *  "diagnoses": [{"name", "severity", "server", "sentence", "decision": "act|hold" | null, "reason", "why"}],
 *  "events": [as in regent events --json]}
 * </pre>
 */
public final class StatusJson {
  private StatusJson() {}

  public static String render(Picture picture, List<Told> events, Moment now) {
    ClusterRecord record = picture.snapshot().record();
    ObjectNode node = Json.object();
    node.put("cluster", picture.snapshot().spec().name());
    node.put("profile", Page.word(picture.snapshot().policy().profile()));
    node.put("failover", failover(picture.snapshot().policy().failover()));
    node.put("at", instant(picture.snapshot().now().millis()));
    node.put("healthy", StatusText.healthy(picture, now));
    node.put("epoch", record.epoch());
    node.put("lossFree", picture.guarantee().lossFree());
    picture.guarantee().reasons().forEach(node.putArray("lossFreeReasons")::add);
    ObjectNode routing = RouteLine.node(picture.routing(), picture.snapshot().spec());
    picture.routing().replicas().forEach(r -> routing.withArray("replicas").add(r.name()));
    node.set("routing", routing);
    node.set(
        "paused",
        record.pause().map(p -> reason(p.by(), p.reason(), p.sinceMillis())).orElse(null));
    node.set("plan", picture.running().map(StatusJson::plan).orElse(null));
    node.putArray("servers");
    Card.all(picture).forEach(card -> node.withArray("servers").add(server(card, record, now)));
    node.putArray("diagnoses");
    picture.diagnoses().forEach(d -> node.withArray("diagnoses").add(diagnosis(d, picture)));
    node.putArray("events");
    events.forEach(event -> node.withArray("events").addRawValue(new RawValue(event.json())));
    return node.toString();
  }

  private static ObjectNode server(Card card, ClusterRecord record, Moment now) {
    ServerId id = card.view().id();
    ObjectNode node = Json.object();
    node.put("name", id.name());
    node.put("address", card.view().spec().address().toString());
    node.put("role", Page.word(card.role()));
    node.put("source", card.source().map(ServerId::name).orElse(null));
    node.put("state", card.state());
    card.marks().forEach(node.putArray("marks")::add);
    node.put("reachable", card.view().reachable());
    node.set("missed", missed(card).orElse(null));
    node.put(
        "lastContactMillis",
        card.view().seen().map(s -> now.since(s.at()).toMillis()).orElse(null));
    facts(card, node);
    node.put("syncMember", record.syncSet().contains(id));
    node.set("acknowledging", acknowledging(card).orElse(null));
    node.set("errant", record.isPrimary(id) ? null : errant(card).orElse(null));
    node.put("commitsPerSecond", card.view().commitsPerSecond());
    node.set(
        "maintenance",
        Optional.ofNullable(record.maintenance().get(id))
            .map(m -> reason(m.by(), m.reason(), m.sinceMillis()))
            .orElse(null));
    node.set(
        "quarantine",
        Optional.ofNullable(record.quarantine().get(id)).map(StatusJson::quarantine).orElse(null));
    node.putArray("channels");
    card.lastFacts()
        .map(ServerFacts::channels)
        .orElse(List.of())
        .forEach(c -> node.withArray("channels").add(channel(c)));
    return node;
  }

  private static void facts(Card card, ObjectNode node) {
    Optional<ServerFacts> facts = card.lastFacts();
    node.put("version", facts.map(ServerFacts::version).orElse(null));
    node.put("writable", facts.map(f -> !f.readOnly()).orElse(null));
    node.put("applied", facts.map(f -> f.applied().toString()).orElse(null));
    node.put("received", card.received().map(GtidPosition::toString).orElse(null));
    node.put("binlogState", facts.map(f -> f.binlogState().toString()).orElse(null));
    node.put(
        "lagSeconds", facts.flatMap(f -> f.lagSeconds().stream().boxed().findFirst()).orElse(null));
    node.put("semiSync", facts.map(f -> f.semiSync().replicaEnabled()).orElse(null));
  }

  private static String failover(Policy.Failover failover) {
    return switch (failover.actor()) {
      case SCRIPT -> "script";
      case REGENT -> failover.automatic() ? "automatic" : "manual";
    };
  }

  /** Of a server whose commits wait for replicas; read seldom. */
  private static Optional<ObjectNode> acknowledging(Card card) {
    return card.lastFacts()
        .filter(f -> f.semiSync().primaryEnabled())
        .flatMap(ServerFacts::semiSyncStatus)
        .map(s -> Json.object().put("replicas", s.clients()).put("waiting", s.waiting()));
  }

  /** Transactions that the primary lacks; empty while that is unknown. */
  private static Optional<ArrayNode> errant(Card card) {
    return card.view()
        .lead()
        .map(ranges -> {
          ArrayNode node = Json.object().putArray("errant");
          ranges.forEach(r -> node.add(r.toString()));
          return node;
        });
  }

  private static Optional<ObjectNode> missed(Card card) {
    return card.view()
        .missed()
        .map(m ->
            Json.object()
                .put("kind", Page.word(m.kind()))
                .put("detail", m.detail())
                .put("since", card.view().missingSince().map(s -> instant(s.millis())).orElse(null))
                .put("count", card.view().misses()));
  }

  private static ObjectNode channel(Channel channel) {
    ObjectNode node = Json.object();
    node.put("name", channel.name());
    node.put("source", channel.source().toString());
    node.put("io", Page.word(channel.io()));
    node.put("sql", channel.sqlRunning());
    node.put("lagSeconds", channel.lagSeconds().stream().boxed().findFirst().orElse(null));
    Channel.Problem problem =
        channel.sqlProblem().present() ? channel.sqlProblem() : channel.ioProblem();
    return node.put("error", problem.present() ? problem.number() + ": " + problem.text() : null);
  }

  private static ObjectNode plan(ClusterRecord.OpenPlan plan) {
    ObjectNode node = Json.object();
    node.put("id", plan.id());
    node.put("kind", plan.kind().toLowerCase(Locale.ROOT));
    node.put("why", plan.why());
    node.put("epoch", plan.epoch());
    node.put("from", plan.from().map(ServerId::name).orElse(null));
    node.put("to", plan.to().map(ServerId::name).orElse(null));
    node.put("automatic", plan.automatic());
    node.put("since", instant(plan.openedMillis()));
    plan.intents().forEach(node.putArray("intents")::add);
    return node;
  }

  private static ObjectNode quarantine(ClusterRecord.Quarantine quarantine) {
    ObjectNode node = Json.object();
    node.put("reason", quarantine.reason());
    node.putArray("errant");
    quarantine.errant().forEach(r -> node.withArray("errant").add(r.toString()));
    node.put("file", quarantine.file());
    return node.put("since", instant(quarantine.sinceMillis()));
  }

  private static ObjectNode diagnosis(Diagnosis diagnosis, Picture picture) {
    ObjectNode node = Json.object();
    node.put("name", diagnosis.name());
    node.put("severity", Page.word(diagnosis.severity()));
    node.put("server", diagnosis.subject().map(ServerId::name).orElse(null));
    node.put("sentence", diagnosis.sentence());
    Optional<Decision> decision =
        picture.decisions().stream().filter(d -> d.diagnosis().equals(diagnosis)).findFirst();
    return switch (decision.orElse(null)) {
      case Decision.Act a ->
          node.put("decision", "act").putNull("reason").put("why", a.run().purpose());
      case Decision.Hold h ->
          node.put("decision", "hold")
              .put("reason", Page.word(h.reason()))
              .put("why", h.sentence());
      case null -> node.putNull("decision").putNull("reason").putNull("why");
    };
  }

  private static ObjectNode reason(String by, String reason, long sinceMillis) {
    return Json.object().put("by", by).put("reason", reason).put("since", instant(sinceMillis));
  }

  private static String instant(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
