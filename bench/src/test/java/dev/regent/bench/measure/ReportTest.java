package dev.regent.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.server.store.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ReportTest {
  private static Report report(Claim... claims) {
    Series first = Series.bounded("safe", List.of(100.0, 200.0, 300.0), 250);
    Series second = Series.of("other", List.of(1.0));
    return new Report(
        "failover", "ms", List.of(first, second), List.of(claims), List.of(), Json.object());
  }

  @Test
  void tellsTheHeadlineAsOneObject() {
    ObjectNode json = report(Claim.atMost("median", 200, 250, "ms")).json();

    assertThat(json.toString())
        .startsWith(
            "{\"name\":\"failover\",\"unit\":\"ms\",\"median\":200.0,\"p95\":300.0,\"p99\":300.0,"
                + "\"max\":300.0,\"rounds\":3,\"bound\":250.0,\"held\":true");
    assertThat(json.path("series")).hasSize(2);
  }

  @Test
  void isMissedByOneMissedBound() {
    Claim open = new Claim("busy", Verdict.INCONCLUSIVE);

    assertThat(report(open, Claim.atMost("median", 300, 250, "ms")).verdict().exit()).isEqualTo(1);
    assertThat(report(open, Claim.atMost("median", 200, 250, "ms")).verdict().exit()).isEqualTo(5);
    assertThat(report(Claim.atMost("median", 250, 250, "ms")).verdict().exit()).isZero();
  }

  @Test
  void countsWhatWasNotMeasuredAsMissed() {
    assertThat(Claim.atMost("median", Double.NaN, 250, "ms").verdict()).isEqualTo(Verdict.MISSED);
  }
}
