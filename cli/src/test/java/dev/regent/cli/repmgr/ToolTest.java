package dev.regent.cli.repmgr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.cli.client.Surroundings;
import dev.regent.cli.fake.FakeCluster;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From words to an exit code, beside servers that only pretend. */
class ToolTest {
  @TempDir Path folder;

  /** What a run left behind. */
  private record Ran(int exit, String out, String err) {}

  private Ran run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings surroundings =
        new Surroundings(
            new BufferedReader(new StringReader("")),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("XDG_STATE_HOME", folder.resolve("state").toString()),
            false,
            false,
            "ada",
            folder);
    int exit = new Tool(surroundings).run(List.of(words));
    return new Ran(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Ran runOn(FakeCluster cluster, String... words) {
    List<String> all = new ArrayList<>(List.of("-user=root:secret-a", "-rpluser=repl:secret-b"));
    all.add(
        "-hosts=" + String.join(",", cluster.ports().stream().map(p -> "127.0.0.1:" + p).toList()));
    all.addAll(List.of(words));
    return run(all.toArray(String[]::new));
  }

  @Test
  void tellsItsVersionAndItsFlags() {
    assertThat(run("-version").out()).startsWith("mariadb-repmgr of Regent ");
    Ran help = run("--help");
    assertThat(help.exit()).isZero();
    assertThat(help.out()).contains("-failover", "-ignore-servers", "Exit codes: ");
  }

  @Test
  void badUsageIsTwo() {
    for (String word : List.of("-nonsense", "-host", "-failover=dead", "-verbose=maybe", "word")) {
      Ran ran = run(word);
      assertThat(ran.exit()).as(word).isEqualTo(2);
      assertThat(ran.err())
          .startsWith("mariadb-repmgr: ")
          .endsWith("Try 'mariadb-repmgr -help'.\n");
      assertThat(ran.out()).isEmpty();
    }
  }

  @Test
  void checkSaysWhatAFailoverWouldDoAndDoesNothing() throws IOException {
    try (FakeCluster cluster = FakeCluster.orphaned()) {
      Ran ran = runOn(cluster, "-failover=check", "-logfile=" + folder.resolve("log"));
      assertThat(ran.exit()).as(ran.err()).isZero();
      String gone = "127.0.0.1:" + cluster.ports().getFirst();
      assertThat(ran.out()).contains("would fail over from " + gone, "SET GLOBAL read_only=0");
      assertThat(ran.out() + ran.err()).doesNotContain("secret-");
      assertThat(Files.readString(folder.resolve("log"))).isEqualTo(ran.out() + ran.err());
      assertThat(folder.resolve("state/regent/repmgr")).isDirectoryContaining("glob:**cluster-*");
    }
  }

  @Test
  void aPrimaryThatAnswersIsNotFailedOverFrom() throws IOException {
    try (FakeCluster cluster = FakeCluster.of(3)) {
      Ran ran = runOn(cluster, "-failover=force", "-interactive=false");
      assertThat(ran.exit()).isEqualTo(3);
      assertThat(ran.err()).contains("held: the primary answers").contains("-switchover=keep");
    }
  }

  @Test
  void withoutAnyServerItIsOne() throws IOException {
    FakeCluster gone;
    try (FakeCluster cluster = FakeCluster.of(2)) {
      gone = cluster;
    }
    Ran ran = runOn(gone, "-failover=force");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("refused").contains("no server answers");
  }

  @Test
  void theRehearsalReachesTheEndOfAFailover() throws Exception {
    try (FakeCluster cluster = FakeCluster.orphaned()) {
      Ran ran = runOn(cluster, "-failover=dead");
      assertThat(ran.out()).contains("is chosen", "epoch 2 begins");
      assertThat(ran.exit()).isEqualTo(3);
      assertThat(ran.err()).contains("could not be opened");
    }
  }
}
