package dev.regent.bench.proxied;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.bench.measure.Report;
import dev.regent.bench.measure.Setting;
import dev.regent.bench.measure.Verdict;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A few sessions, for a moment. */
@Tag("real")
class SessionsBenchTest {
  @Test
  void leavesNothingBehind() throws Exception {
    Setting brief = new Setting(1, new PrintStream(PrintStream.nullOutputStream()), 2, List.of());

    Report report = new SessionsBench(50).run(brief);

    assertThat(report.claims())
        .filteredOn(claim -> claim.sentence().matches(".*(descriptors|threads|errors in).*"))
        .hasSize(5)
        .allMatch(claim -> claim.verdict() == Verdict.HELD);
    assertThat(report.json().path("heap_kb_per_session").doubleValue()).isPositive();
  }
}
