package dev.regent.cli.repmgr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.cli.console.Backend.Answer;
import dev.regent.cli.console.Backend.Answer.Result;
import dev.regent.cli.console.Happening;
import dev.regent.cli.console.Order;
import dev.regent.cli.fake.FakeCluster;
import dev.regent.cli.flags.Request;
import dev.regent.core.analyze.Diagnosis.Severity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The console's side of {@code mariadb-repmgr}, beside servers that only pretend. */
class InteractiveTest {
  @TempDir Path folder;

  private Interactive on(FakeCluster cluster, String... words) throws Exception {
    String hosts =
        cluster.ports().stream().map(p -> "127.0.0.1:" + p).collect(Collectors.joining(","));
    String[] all = new String[words.length + 2];
    all[0] = "-hosts=" + hosts;
    all[1] = "-failover=force";
    System.arraycopy(words, 0, all, 2, words.length);
    return new Interactive(Looks.request(all), folder);
  }

  @Test
  @Timeout(60)
  void aLookThatBreaksIsToldAndTheNextOneIsTaken() throws Exception {
    BlockingQueue<Happening> told = new LinkedBlockingQueue<>();
    AtomicBoolean broken = new AtomicBoolean();
    try (FakeCluster cluster = FakeCluster.of(2);
        Interactive console = on(cluster)) {
      console.watch(happening -> {
        if (happening instanceof Happening.Seen && broken.compareAndSet(false, true)) {
          throw new IllegalStateException("broken");
        }
        told.add(happening);
      });
      Happening next = told.take();
      while (next instanceof Happening.Told) {
        next = told.take();
      }
      assertThat(next)
          .isEqualTo(new Happening.Lost("internal error: java.lang.IllegalStateException: broken"));
      assertThat(told.take()).isInstanceOf(Happening.Seen.class);
    }
  }

  @Test
  void startedForADryRunItDoesNothing() throws Exception {
    try (FakeCluster cluster = FakeCluster.orphaned();
        Interactive console = on(cluster, "-dry-run")) {
      Answer plan = console.plan(new Order.Failover("", false));
      assertThat(plan.result()).as("%s", plan.lines()).isEqualTo(Result.DONE);
      Answer done = console.carryOut(new Order.Failover("", false), line -> {});
      assertThat(done.result()).isEqualTo(Result.HELD);
      assertThat(done.lines().getFirst()).contains("-dry-run");
    }
  }

  /** It would make a small y give up what only a capital one may. */
  @Test
  void forceOnTheCommandLineForcesNoOrder() throws Exception {
    try (Interactive console =
        new Interactive(Looks.request("-hosts=a,b", "-failover=force", "-force"), folder)) {
      Request asked = console.request(Request.Act.FAILOVER, "", false, false);
      assertThat(asked.choice().force()).isFalse();
    }
  }

  @Test
  void eachActAddsToTheLogFile() throws Exception {
    Path log = folder.resolve("log");
    Request.Place place =
        new Request.Place(
            Looks.request("-hosts=a,b", "-failover=force").place().state(),
            Optional.of(log),
            false);
    for (String words : new String[] {"first", "second"}) {
      try (Talk talk =
          new Talk(place, (level, said) -> assertThat(level).isEqualTo(Severity.NOTICE))) {
        talk.info(words);
      }
    }
    assertThat(Files.readString(log)).contains("INFO  : first\n", "INFO  : second\n");
  }
}
