package dev.regent.proxy.net;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proxy's loops stay where they are while roles do. */
class LoopsTest {
  private static final ServerId DB1 = new ServerId("db1");
  private static final ServerId DB2 = new ServerId("db2");
  private static final RoutingTable OPEN =
      new RoutingTable(1, Optional.of(DB1), false, List.of(DB2));
  private static final RoutingTable HELD =
      new RoutingTable(1, Optional.of(DB1), true, List.of(DB2));

  private final int count = Processors.allowed(0).cardinality();
  private final Loops loops = new Loops(count, NioIoHandler.newFactory());

  @BeforeEach
  void atLeastTwo() {
    Assumptions.assumeTrue(count > 1, "this machine has only one processor for us");
  }

  @AfterEach
  void end() {
    loops.group().shutdownGracefully(0, 1, SECONDS).syncUninterruptibly();
  }

  @Test
  void areKeptOnceRolesHaveBeenTheSameForAWhile() throws Exception {
    assertThat(places()).containsOnly(count);
    loops.routed(OPEN);
    await().until(() -> places().stream().allMatch(n -> n == 1));
  }

  @Test
  void areSetFreeAtOnceWhenWritesAreHeld() throws Exception {
    loops.routed(OPEN);
    await().until(() -> places().stream().allMatch(n -> n == 1));
    loops.routed(HELD);
    assertThat(places()).containsOnly(count);
    loops.routed(OPEN);
    await().until(() -> places().stream().allMatch(n -> n == 1));
  }

  /** Netty starts a loop's thread at its first task; whoever starts it may be kept by then. */
  @Test
  void areOnDifferentProcessorsThoughNobodyUsedThemBefore() throws Exception {
    loops.routed(OPEN);
    EventExecutor first = loops.group().iterator().next();
    await().until(() -> first.submit(() -> Processors.allowed(0)).get().cardinality() == 1);
    List<BitSet> places =
        first
            .submit(() -> {
              List<Future<BitSet>> asked = new ArrayList<>();
              loops.group().forEach(l -> asked.add(l.submit(() -> Processors.allowed(0))));
              return asked;
            })
            .get()
            .stream()
            .map(asked -> asked.syncUninterruptibly().getNow())
            .toList();
    assertThat(places).doesNotHaveDuplicates().allMatch(one -> one.cardinality() == 1);
  }

  @Test
  void closingThemLeavesNobodyBehind() throws Exception {
    Loops others = new Loops(count, NioIoHandler.newFactory());
    others.routed(OPEN);
    EventExecutor first = others.group().iterator().next();
    await().until(() -> first.submit(() -> Processors.allowed(0)).get().cardinality() == 1);
    CompletableFuture<BitSet> mine = new CompletableFuture<>();
    Promise<Boolean> over = GlobalEventExecutor.INSTANCE.newPromise();
    first
        .submit(() ->
            Thread.ofPlatform()
                .name("started by a loop")
                .start(() -> {
                  over.awaitUninterruptibly();
                  mine.complete(Processors.allowed(0));
                }))
        .get();
    others.close(Duration.ofMillis(100));
    others.routed(HELD);
    over.setSuccess(true);
    assertThat(mine.get().cardinality()).isEqualTo(count);
  }

  @Test
  void areSetFreeAtOnceForACandidate() throws Exception {
    loops.routed(OPEN);
    await().until(() -> places().stream().allMatch(n -> n == 1));
    loops.routed(new RoutingTable(1, Optional.of(DB1), false, List.of(DB2), Optional.of(DB2)));
    assertThat(places()).containsOnly(count);
  }

  /** On how many processors each may run. */
  private List<Integer> places() throws Exception {
    List<Integer> places = new ArrayList<>();
    for (EventExecutor loop : loops.group()) {
      BitSet mine = loop.submit(() -> Processors.allowed(0)).get();
      places.add(mine.cardinality());
    }
    return places;
  }
}
