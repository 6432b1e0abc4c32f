package dev.regent.lab.arena;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.load.Write;
import dev.regent.lab.load.Write.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrittenTest {
  private static final long MS = 1_000_000;

  private static Write write(int seq, long endedMillis, Outcome outcome) {
    return new Write(seq, 1, seq, (endedMillis - 1) * MS, endedMillis * MS, outcome, "a:1", "");
  }

  @Test
  void findsTheGapOfARoleChangeBetweenAcknowledgedWritesOnly() {
    Written written =
        new Written(
            List.of(
                write(1, 100, Outcome.OK),
                write(2, 900, Outcome.OK),
                write(3, 1000, Outcome.OK),
                write(4, 1040, Outcome.FAIL),
                write(5, 1050, Outcome.UNKNOWN),
                write(6, 1080, Outcome.OK),
                write(7, 1085, Outcome.OK),
                write(8, 3000, Outcome.OK)));

    assertThat(written.longestGap(1001 * MS, 1084 * MS).orElseThrow().millis()).isEqualTo(80);
    assertThat(written.longestGap(0, 950 * MS).orElseThrow().millis()).isEqualTo(800);
    assertThat(written.longestGap(4000 * MS, 5000 * MS)).isEmpty();
  }

  @Test
  void readsTheTableOfTheLedger(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("written.tsv");
    Files.writeString(
        file,
        """
        id\tclient\tseq\tstarted_nanos\tended_nanos\toutcome\tserver\terror
        4294967297\t1\t1\t10\t20\tOK\ta:1\t
        8589934593\t2\t1\t5\t15\tUNKNOWN\ta:1\t0 Connection reset
        """);

    Written written = Written.read(file);

    assertThat(written.writes()).extracting(Write::client).containsExactly(2, 1);
    assertThat(written.count(Outcome.OK)).isEqualTo(1);
    assertThat(written.writes().getFirst().error()).isEqualTo("0 Connection reset");
  }
}
