package dev.regent.proxy.net;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Event loops stay on a processor each, and nobody else does. */
class ProcessorsTest {
  private static final int MYSELF = 0;

  private final List<ExecutorService> all = new ArrayList<>();

  @AfterEach
  void end() {
    all.forEach(ExecutorService::shutdownNow);
  }

  @Test
  void eachLoopHasOneOfItsOwn() throws Exception {
    Processors processors = asManyAsThereAre();
    BitSet seen = new BitSet();
    for (int place = 0; place < mine().cardinality(); place++) {
      BitSet one = kept(processors, place).submit(ProcessorsTest::mine).get();
      assertThat(one.cardinality()).isEqualTo(1);
      assertThat(seen.intersects(one)).isFalse();
      seen.or(one);
    }
    assertThat(seen).isEqualTo(mine());
  }

  @Test
  void whoeverALoopStartsIsSetFree() throws Exception {
    Processors processors = asManyAsThereAre();
    ExecutorService loop = kept(processors, 0);
    // An executor's thread is started by the first that it works for.
    ExecutorService started = one(Thread.ofPlatform().name("started").factory());
    Callable<BitSet> startedMine = () -> started.submit(ProcessorsTest::mine).get();
    assertThat(loop.submit(startedMine).get().cardinality()).isEqualTo(1);

    processors.setOthersFree();

    assertThat(startedMine.call()).isEqualTo(mine());
    assertThat(loop.submit(ProcessorsTest::mine).get().cardinality()).isEqualTo(1);
  }

  @Test
  void loopsOfAnotherProxyStayToo() throws Exception {
    ExecutorService loop = kept(asManyAsThereAre(), 0);
    assertThat(loop.submit(ProcessorsTest::mine).get().cardinality()).isEqualTo(1);
    asManyAsThereAre().setOthersFree();
    assertThat(loop.submit(ProcessorsTest::mine).get().cardinality()).isEqualTo(1);
  }

  @Test
  void whereThereAreMoreOrFewerNobodyIsKept() throws Exception {
    Processors processors = new Processors(mine().cardinality() + 1);
    assertThat(processors.keeps()).isFalse();
    assertThat(kept(processors, 0).submit(ProcessorsTest::mine).get()).isEqualTo(mine());
    assertThat(new Processors(1).keeps()).isFalse();
  }

  private static Processors asManyAsThereAre() {
    Assumptions.assumeTrue(mine().cardinality() > 1, "this machine has only one processor for us");
    Processors processors = new Processors(mine().cardinality());
    assertThat(processors.keeps()).isTrue();
    return processors;
  }

  private ExecutorService kept(Processors processors, int place) {
    return one(task ->
        Thread.ofPlatform().name("loop-" + place).unstarted(() -> processors.keep(place, task)));
  }

  private ExecutorService one(ThreadFactory threads) {
    ExecutorService one =
        new ThreadPoolExecutor(1, 1, 0, SECONDS, new LinkedBlockingQueue<>(), threads);
    all.add(one);
    return one;
  }

  private static BitSet mine() {
    return Processors.allowed(MYSELF);
  }
}
