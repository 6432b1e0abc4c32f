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
import java.util.concurrent.locks.LockSupport;

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
  private static final int LOOKS_AT_END = 3;
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final EventLoopGroup group;
  private final Processors processors;

  // Guarded by this.
  private boolean steady;
  private boolean kept;
  private boolean closed;
  private long changes;

  Loops(int count, IoHandlerFactory handlers) {
    AtomicInteger number = new AtomicInteger();
    processors = new Processors(count);
    // Netty keeps what it makes for each loop in fields of its own kind of thread, and looks it up
    // at a price in any other: buffers, above all.
    ThreadFactory factory =
        task -> {
          int place = number.getAndIncrement();
          Thread thread =
              new FastThreadLocalThread(
                  () -> processors.run(place % count, task), "proxy-" + (place + 1));
          thread.setDaemon(true);
          return thread;
        };
    group = new MultiThreadIoEventLoopGroup(count, factory, handlers);
    // A loop's thread is started by whoever has its first task: not by one that is kept somewhere.
    group.forEach(loop -> loop.execute(() -> {}));
    if (processors.enough()) {
      var _ =
          group
              .next()
              .scheduleWithFixedDelay(
                  processors::setOthersFree,
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
    if (!processors.enough() || now == steady || closed) {
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

  /** Ends them; what they have begun may take so long. */
  void close(Duration limit) {
    synchronized (this) {
      closed = true;
      changes++;
      processors.release();
    }
    group
        .shutdownGracefully(0, limit.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(2 * limit.toMillis());
    // The kernel's threads end a little later, and disturb the list of them until then.
    for (int look = 0; look < LOOKS_AT_END; look++) {
      processors.setOthersFree();
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
