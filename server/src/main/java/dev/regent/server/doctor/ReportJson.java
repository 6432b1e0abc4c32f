package dev.regent.server.doctor;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ServerId;
import dev.regent.server.checkup.Facts;
import dev.regent.server.checkup.Finding;
import dev.regent.server.checkup.Mend;
import dev.regent.server.store.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A report as one JSON object, for {@code regent doctor --json}. Keys are added, never renamed or
 * removed.
 *
 * <pre>
 * {"cluster", "healthy", "servers": [{"name", "address", "version", "account", "silent": text | null}],
 *  "findings": [{"check", "severity": "critical|warning|notice", "server", "what", "why",
 *    "mend": {"kind": "dynamic|grant|by_hand|restart|advice", "sql": [text], "startFile": [text],
 *      "words"}}],
 *  "mended": [{"server", "sql", "done", "error": text | null}]}
 * </pre>
 */
public final class ReportJson {
  private ReportJson() {}

  /** {@code mended}: what was done before this was found. */
  public static String line(Report report, List<Mending.Deed> mended) {
    ObjectNode node = Json.object();
    node.put("cluster", report.ward().spec().name());
    node.put("healthy", report.healthy());
    var servers = node.putArray("servers");
    report.ward().spec().servers().forEach(s -> servers.add(server(report, s)));
    var findings = node.putArray("findings");
    report.findings().forEach(f -> findings.add(finding(f)));
    var deeds = node.putArray("mended");
    mended.forEach(d -> deeds.add(deed(d)));
    return Json.write(node);
  }

  private static ObjectNode server(Report report, ClusterSpec.Server server) {
    ServerId id = server.id();
    Optional<Facts> facts = Optional.ofNullable(report.ward().facts().get(id));
    ObjectNode node = Json.object();
    node.put("name", id.name());
    node.put("address", server.address().toString());
    node.put("version", facts.map(f -> f.release().toString()).orElse(null));
    node.put("account", facts.map(Facts::user).orElse(null));
    node.put("silent", Optional.ofNullable(report.silent().get(id)).orElse(null));
    return node;
  }

  private static ObjectNode finding(Finding finding) {
    ObjectNode node = Json.object();
    node.put("check", finding.check());
    node.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
    node.put("server", finding.server().name());
    node.put("what", finding.what());
    node.put("why", finding.why());
    ObjectNode mend = node.putObject("mend");
    mend.put("kind", kind(finding.mend()));
    var sql = mend.putArray("sql");
    finding.mend().sql().forEach(sql::add);
    var lines = mend.putArray("startFile");
    finding.mend().startFile().forEach(lines::add);
    mend.put("words", finding.mend() instanceof Mend.Advice a ? a.words() : null);
    return node;
  }

  private static String kind(Mend mend) {
    return switch (mend) {
      case Mend.Dynamic _ -> "dynamic";
      case Mend.Grant _ -> "grant";
      case Mend.ByHand _ -> "by_hand";
      case Mend.Restart _ -> "restart";
      case Mend.Advice _ -> "advice";
    };
  }

  private static ObjectNode deed(Mending.Deed deed) {
    ObjectNode node = Json.object();
    node.put("server", deed.server().name());
    node.put("sql", deed.sql());
    node.put("done", deed.error().isEmpty());
    node.put("error", deed.error().orElse(null));
    return node;
  }
}
