package dev.regent.sim.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hosts and the directed paths between them. Cut paths keep what TCP would send again; nothing on
 * an established connection is lost while both of its ends live.
 */
public final class Network {
  private static final long LATENCY = 60 * Kernel.MICROSECOND;
  private static final long LOCAL_LATENCY = 15 * Kernel.MICROSECOND;

  private final Kernel kernel;
  private final Dice dice;
  private final List<Host> hosts = new ArrayList<>();
  private final List<List<Path>> paths = new ArrayList<>();

  public Network(Kernel kernel, Dice dice) {
    this.kernel = kernel;
    this.dice = dice;
  }

  Kernel kernel() {
    return kernel;
  }

  public List<Host> hosts() {
    return List.copyOf(hosts);
  }

  public Host host(String name) {
    Host host = new Host(name, hosts.size());
    hosts.add(host);
    for (Host from : hosts) {
      while (paths.size() <= from.number()) {
        paths.add(new ArrayList<>());
      }
      List<Path> out = paths.get(from.number());
      for (int to = out.size(); to < hosts.size(); to++) {
        long latency = to == from.number() ? LOCAL_LATENCY : LATENCY;
        out.add(new Path(dice.of("path", from.number() * 100L + to), latency));
      }
    }
    return host;
  }

  Path path(Host from, Host to) {
    return paths.get(from.number()).get(to.number());
  }

  // --- faults

  /** Swallows everything in this direction. */
  public void drop(Host from, Host to) {
    path(from, to).cut(Path.Mode.DROPPING, kernel.now());
  }

  /** Answers everything in this direction with a reset. */
  public void reject(Host from, Host to) {
    path(from, to).cut(Path.Mode.REJECTING, kernel.now());
  }

  public void heal(Host from, Host to) {
    Path path = path(from, to);
    path.heal();
    path.release().forEach(s -> kernel.after(path.untilRetry(kernel.now()), s::retry));
  }

  /** Cuts both directions. */
  public void separate(Host one, Host other) {
    drop(one, other);
    drop(other, one);
  }

  public void join(Host one, Host other) {
    heal(one, other);
    heal(other, one);
  }

  /** Latency of one direction, and the part of packets that have to be sent again. */
  public void quality(Host from, Host to, long latencyNanos, double loss) {
    path(from, to).quality(latencyNanos, loss);
  }

  /** As fast as in the beginning, both ways; what is cut stays cut. */
  public void usualQuality(Host one, Host other) {
    quality(one, other, LATENCY, 0);
    quality(other, one, LATENCY, 0);
  }

  /** As it was in the beginning. */
  public void healAll() {
    for (Host from : hosts) {
      for (Host to : hosts) {
        quality(from, to, from == to ? LOCAL_LATENCY : LATENCY, 0);
        heal(from, to);
      }
    }
  }

  /** The machine has power again; what others kept for it is sent again. */
  public void power(Host host) {
    host.power(true);
    for (Host other : hosts) {
      for (Path path : List.of(path(host, other), path(other, host))) {
        path.release().forEach(s -> kernel.after(path.untilRetry(kernel.now()), s::retry));
      }
    }
  }

  /** Whether packets pass both ways. */
  public boolean joined(Host one, Host other) {
    return passes(one, other) && passes(other, one);
  }

  public boolean passes(Host from, Host to) {
    return path(from, to).mode() == Path.Mode.OPEN;
  }

  // --- connecting

  /** Something that listens on a port. */
  public interface Listener {
    SimProcess process();

    /** Whether the port is open; the kernel accepts for a process that is frozen, too. */
    boolean listening();

    /** Called inside the process, once it gets to it. */
    void accept(Connection connection);
  }

  /** What became of an attempt, told inside the process that made it. */
  public interface Attempt {
    /** Nobody listens there, or the way rejects us. */
    void refused();

    /** The other side's kernel took it; its process may be frozen all the same. */
    void accepted(Connection connection);
  }

  /**
   * Tries to open a connection. Where packets are swallowed nothing ever comes back: limiting that
   * is the caller's business. Returns a way to give up.
   */
  public Runnable connect(SimProcess client, Listener listener, Attempt attempt) {
    Syn syn = new Syn(client, listener, attempt);
    syn.send();
    return syn::giveUp;
  }

  /** The first packet of a connection, sent again until it is answered or nobody waits. */
  private final class Syn {
    private static final long FIRST_RETRY = Kernel.SECOND;

    private final SimProcess client;
    private final Listener listener;
    private final Attempt attempt;
    private Alarm again = Alarm.past();
    private long wait = FIRST_RETRY;
    private boolean over;

    Syn(SimProcess client, Listener listener, Attempt attempt) {
      this.client = client;
      this.listener = listener;
      this.attempt = attempt;
    }

    void giveUp() {
      over = true;
      again.cancel();
    }

    void send() {
      Host from = client.host();
      Host to = listener.process().host();
      Path out = path(from, to);
      if (out.mode() == Path.Mode.REJECTING) {
        answer(out.delay(), attempt::refused);
      } else if (out.mode() == Path.Mode.DROPPING || !to.up()) {
        later();
      } else {
        kernel.after(out.delay(), this::arrived);
      }
    }

    private void later() {
      again =
          client.after(
              wait,
              () -> {
                if (!over) {
                  send();
                }
              });
      wait *= 2;
    }

    private void arrived() {
      Path back = path(listener.process().host(), client.host());
      if (over) {
        return;
      }
      if (!passes(listener.process().host(), client.host())) {
        later();
      } else if (listener.listening()) {
        Connection connection = new Connection(Network.this, client, listener.process());
        listener.process().run(() -> listener.accept(connection));
        answer(back.delay(), () -> attempt.accepted(connection), connection.client()::close);
      } else {
        answer(back.delay(), attempt::refused);
      }
    }

    private void answer(long delay, Runnable how) {
      answer(delay, how, () -> {});
    }

    private void answer(long delay, Runnable how, Runnable tooLate) {
      kernel.after(
          delay,
          () -> {
            if (over) {
              tooLate.run();
            } else {
              over = true;
              client.run(how);
            }
          });
    }
  }

  /** For those who only want to know. */
  public static Attempt attempt(Consumer<Connection> accepted, Runnable refused) {
    return new Attempt() {
      @Override
      public void refused() {
        refused.run();
      }

      @Override
      public void accepted(Connection connection) {
        accepted.accept(connection);
      }
    };
  }
}
