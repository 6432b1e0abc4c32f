package dev.regent.sim.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection, as each of its ends sees it. What one end sends arrives in order in the
 * other's process, unless that end is gone: then a reset comes back. An end that died while the way
 * was cut is not missed until somebody sends: half open.
 */
public final class Connection {
  private final Network network;
  private final End client;
  private final End server;

  Connection(Network network, SimProcess client, SimProcess server) {
    this.network = network;
    this.client = new End(client);
    this.server = new End(server);
    this.client.toPeer = new Stream(this.client, this.server);
    this.server.toPeer = new Stream(this.server, this.client);
  }

  public End client() {
    return client;
  }

  public End server() {
    return server;
  }

  /** One end of it. */
  public static final class End {
    private static final Runnable NOTHING = () -> {};

    private final SimProcess process;
    private boolean open = true;
    private Runnable lost = NOTHING;
    private @Nullable Stream toPeer;

    End(SimProcess process) {
      this.process = process;
      process.opened(this);
    }

    public boolean open() {
      return open;
    }

    /** What to do, inside this end's process, when the other end is seen to be gone. */
    public void onLost(Runnable then) {
      lost = then;
    }

    /** Runs the act inside the other end's process when it arrives there. */
    public void send(Runnable onArrival) {
      if (open) {
        stream().send(onArrival);
      }
    }

    /** Closes it; the other end is told behind all that was sent before. */
    public void close() {
      if (open) {
        stream().send(null);
        shut();
      }
    }

    /** Its process died. */
    void died(boolean farewell) {
      if (open && farewell) {
        stream().send(null);
      }
      if (!farewell) {
        // Only a kernel that lives sends again what did not arrive.
        stream().waiting.clear();
      }
      open = false;
      lost = NOTHING;
    }

    private void shut() {
      open = false;
      lost = NOTHING;
      process.closed(this);
    }

    /** The other end is gone. */
    void ended() {
      if (open) {
        Runnable tell = lost;
        shut();
        process.run(tell);
      }
    }

    private Stream stream() {
      if (toPeer == null) {
        throw new IllegalStateException("a connection with one end");
      }
      return toPeer;
    }
  }

  /** One direction. A null message is the farewell. */
  final class Stream {
    private final End from;
    private final End to;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private long lastArrival;

    Stream(End from, End to) {
      this.from = from;
      this.to = to;
    }

    private Path path() {
      return network.path(from.process.host(), to.process.host());
    }

    private Path back() {
      return network.path(to.process.host(), from.process.host());
    }

    void send(@Nullable Runnable message) {
      Runnable arrival = message == null ? this::farewell : () -> deliver(message);
      if (!waiting.isEmpty() || path().mode() == Path.Mode.DROPPING || !up()) {
        waiting.add(arrival);
        path().stall(this);
      } else if (path().mode() == Path.Mode.REJECTING) {
        network.kernel().after(path().delay(), from::ended);
      } else {
        schedule(arrival);
      }
    }

    private boolean up() {
      return from.process.host().up() && to.process.host().up();
    }

    private void schedule(Runnable arrival) {
      Kernel kernel = network.kernel();
      lastArrival = Math.max(lastArrival, kernel.now() + path().delay());
      kernel.at(lastArrival, arrival);
    }

    /** The way may be open again. */
    void retry() {
      if (path().mode() == Path.Mode.DROPPING || !up()) {
        path().stall(this);
        return;
      }
      if (path().mode() == Path.Mode.REJECTING) {
        waiting.clear();
        from.ended();
        return;
      }
      while (!waiting.isEmpty()) {
        schedule(waiting.poll());
      }
    }

    private void deliver(Runnable message) {
      if (to.open) {
        to.process.run(() -> {
          if (to.open) {
            message.run();
          }
        });
      } else if (from.open && back().mode() == Path.Mode.OPEN && to.process.host().up()) {
        network.kernel().after(back().delay(), from::ended);
      }
    }

    private void farewell() {
      to.ended();
    }
  }
}
