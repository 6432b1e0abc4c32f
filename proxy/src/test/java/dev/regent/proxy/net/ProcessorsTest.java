package dev.regent.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Event loops stay on a processor each, and nobody else does. */
class ProcessorsTest {
  private static final int MYSELF = 0;

  private final List<ExecutorService> threads = new ArrayList<>();

  @AfterEach
  void end() {
    threads.forEach(ExecutorService::shutdownNow);
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
    ExecutorService started = Executors.newSingleThreadExecutor();
    threads.add(started);
    // An executor's thread is started by the first that it works for.
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
    ExecutorService loop =
        Executors.newSingleThreadExecutor(task -> new Thread(() -> processors.keep(place, task)));
    threads.add(loop);
    return loop;
  }

  private static BitSet mine() {
    return Processors.allowed(MYSELF);
  }
}
