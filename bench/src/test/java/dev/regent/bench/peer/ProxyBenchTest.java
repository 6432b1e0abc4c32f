package dev.regent.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.bench.measure.Claim;
import dev.regent.bench.measure.Report;
import dev.regent.bench.measure.Setting;
import dev.regent.bench.measure.Verdict;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** One short round of every load. That it works, not how fast. */
class ProxyBenchTest {
  private static final Setting SHORT =
      new Setting(1, new PrintStream(PrintStream.nullOutputStream()), 1, List.of(2));

  @Test
  @Tag("real")
  void measuresEveryContenderWithoutAnError() throws Exception {
    Assumptions.assumeTrue(Sysbench.missing().isEmpty(), "sysbench is not installed");

    Report report = new ProxyBench(1).run(SHORT);

    int contenders = HaProxy.missing().isEmpty() ? 5 : 3;
    JsonNode runs = report.json().path("runs");
    assertThat(runs.size()).isEqualTo(contenders * Sysbench.Work.values().length);
    assertThat(runs).allMatch(run -> run.path("qps").doubleValue() > 0);
    assertThat(report.text()).contains(ProxyBench.PINNED, ProxyBench.SPLIT, "p99 ms");
    assertThat(report.claims())
        .contains(new Claim("0 errors that clients saw", Verdict.HELD))
        .anyMatch(claim -> claim.sentence().startsWith("point_select, 2 clients: "));
  }

  @Test
  void readsWhatSysbenchSays() {
    String said =
        """
        SQL statistics:
            queries performed:
                read:                            4000
                write:                           0
                other:                           0
                total:                           4000
            transactions:                        4000   (1331.23 per sec.)
            queries:                             4000   (1331.23 per sec.)
            ignored errors:                      2      (0.00 per sec.)
            reconnects:                          1      (0.00 per sec.)
        Latency (ms):
                 99th percentile:                        0.63
        """;

    assertThat(Sysbench.outcome(said)).isEqualTo(new Sysbench.Outcome(4000, 1331.23, 0.63, 3));
  }
}
