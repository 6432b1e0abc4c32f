package dev.regent.proxy.net;

import dev.regent.core.model.RoutingTable;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The event loops of a proxy, and where they run: on a processor each, as long as roles stay. While
 * they change the kernel may place them, since the change needs processors as well.
 */
final class Loops {
  /**
   * What follows a role change, sessions that come and the virtual machine's compilers, is over.
   */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  private static final Duration SET_FREE = Duration.ofSeconds(5);

  private final EventLoopGroup group;
  private final Processors processors;

  // Guarded by this.
  private boolean steady;
  private boolean kept;
  private long changes;

  Loops(int count, IoHandlerFactory factory) {
    AtomicInteger number = new AtomicInteger();
    processors = new Processors(count);
    // Netty keeps what it makes for each loop in fields of its own kind of thread, and looks it up
    // at a price in any other: buffers, above all.
    ThreadFactory threads =
        task -> {
          int place = number.getAndIncrement();
          Thread thread =
              new FastThreadLocalThread(
                  () -> processors.run(place % count, task), "proxy-" + (place + 1));
          thread.setDaemon(true);
          return thread;
        };
    group = new MultiThreadIoEventLoopGroup(count, threads, factory);
    if (processors.enough()) {
      var _ =
          group
              .next()
              .scheduleWithFixedDelay(
                  this::setOthersFree,
                  SET_FREE.toMillis(),
                  SET_FREE.toMillis(),
                  TimeUnit.MILLISECONDS);
    }
  }

  EventLoopGroup group() {
    return group;
  }

  /** The newest table. Never blocks. */
  synchronized void routed(RoutingTable table) {
    boolean now = table.primary().isPresent() && !table.writesHeld() && table.candidate().isEmpty();
    if (!processors.enough() || now == steady || group.isShuttingDown()) {
      return;
    }
    steady = now;
    long change = ++changes;
    if (now) {
      var _ = group.next().schedule(() -> keep(change), SETTLED.toMillis(), TimeUnit.MILLISECONDS);
    } else if (kept) {
      kept = false;
      processors.release();
      group.next().execute(processors::setOthersFree);
    }
  }

  private synchronized void keep(long change) {
    if (change == changes) {
      kept = true;
      processors.keep();
    }
  }

  private synchronized void setOthersFree() {
    if (kept) {
      processors.setOthersFree();
    }
  }
}
