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

/** Event loops can be kept on a processor each, and nobody else is. */
class ProcessorsTest {
  private static final int MYSELF = 0;

  private final List<ExecutorService> all = new ArrayList<>();

  @AfterEach
  void end() {
    all.forEach(ExecutorService::shutdownNow);
  }

  @Test
  void eachLoopHasOneOfItsOwnWhileItIsKept() throws Exception {
    Processors processors = asManyAsThereAre();
    List<ExecutorService> loops = new ArrayList<>();
    for (int place = 0; place < mine().cardinality(); place++) {
      loops.add(loop(processors, place));
      assertThat(where(loops.getLast())).isEqualTo(mine());
    }

    processors.keep();

    BitSet seen = new BitSet();
    for (ExecutorService loop : loops) {
      BitSet one = where(loop);
      assertThat(one.cardinality()).isEqualTo(1);
      assertThat(seen.intersects(one)).isFalse();
      seen.or(one);
    }
    assertThat(seen).isEqualTo(mine());

    processors.release();

    for (ExecutorService loop : loops) {
      assertThat(where(loop)).isEqualTo(mine());
    }
  }

  @Test
  void whoeverALoopStartsIsSetFree() throws Exception {
    Processors processors = asManyAsThereAre();
    ExecutorService loop = kept(processors);
    // An executor's thread is started by the first that it works for.
    ExecutorService started = one(Thread.ofPlatform().name("started").factory());
    Callable<BitSet> startedMine = () -> where(started);
    assertThat(loop.submit(startedMine).get().cardinality()).isEqualTo(1);

    processors.setOthersFree();

    assertThat(startedMine.call()).isEqualTo(mine());
    assertThat(where(loop).cardinality()).isEqualTo(1);
  }

  @Test
  void loopsOfAnotherProxyStayToo() throws Exception {
    ExecutorService loop = kept(asManyAsThereAre());
    Processors others = asManyAsThereAre();
    others.setOthersFree();
    others.release();
    assertThat(where(loop).cardinality()).isEqualTo(1);
  }

  @Test
  void whereThereAreMoreOrFewerNobodyIsKept() throws Exception {
    Processors processors = new Processors(mine().cardinality() + 1);
    assertThat(processors.enough()).isFalse();
    assertThat(where(kept(processors))).isEqualTo(mine());
    assertThat(new Processors(1).enough()).isFalse();
  }

  private ExecutorService kept(Processors processors) throws Exception {
    ExecutorService loop = loop(processors, 0);
    where(loop);
    processors.keep();
    return loop;
  }

  private static BitSet where(ExecutorService executor) throws Exception {
    return executor.submit(ProcessorsTest::mine).get();
  }

  private static Processors asManyAsThereAre() {
    Assumptions.assumeTrue(mine().cardinality() > 1, "this machine has only one processor for us");
    Processors processors = new Processors(mine().cardinality());
    assertThat(processors.enough()).isTrue();
    return processors;
  }

  private ExecutorService loop(Processors processors, int place) {
    return one(task ->
        Thread.ofPlatform().name("loop-" + place).unstarted(() -> processors.run(place, task)));
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
