package dev.regent.sim.runtime;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Observation;
import dev.regent.core.model.Observation.Kind;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerFacts.SemiSyncStatus;
import dev.regent.sim.kernel.Alarm;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.mariadb.Account;
import dev.regent.sim.mariadb.Facts;
import dev.regent.sim.mariadb.Link;
import dev.regent.sim.mariadb.Reply;
import dev.regent.sim.mariadb.SimServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Probes one server for ever, as production does: one connection that it keeps, one deadline per
 * probe, one waiting attempt at a frozen server instead of many.
 */
final class Watch {
  private static final long PATIENCE_MAX = 30 * Kernel.SECOND;
  private static final long SEMI_SYNC_INTERVAL = Kernel.SECOND;

  private final SimServer server;
  private final SimProcess manager;
  private final Kernel kernel;
  private final Clocks clocks;
  private final long interval;
  private final long timeout;
  private final Consumer<Observation> sink;
  private final Sentinel sentinel;
  private final @Nullable WriteProbe writes;
  private boolean primary;
  private boolean probing;
  private boolean wanted;
  private Alarm next = Alarm.past();
  private long patience;
  private Link.@Nullable Dialing attempt;
  private Runnable onAttempt = () -> {};
  private Reply<Link> dialed = new Reply.Lost<>(Kind.RESET, "not dialed yet");
  private @Nullable Link link;
  private long startedMillis;
  private Optional<SemiSyncStatus> semiSync = Optional.empty();
  private long semiSyncDue;

  Watch(
      SimServer server,
      SimProcess manager,
      Kernel kernel,
      Clocks clocks,
      Policy.Detection detection,
      Sentinel sentinel,
      @Nullable WriteProbe writes,
      Consumer<Observation> sink) {
    this.server = server;
    this.manager = manager;
    this.kernel = kernel;
    this.clocks = clocks;
    this.interval = clocks.real(detection.interval().toNanos());
    this.timeout = clocks.real(detection.probeTimeout().toNanos());
    this.patience = timeout;
    this.sentinel = sentinel;
    this.writes = writes;
    this.sink = sink;
  }

  void start(long delay) {
    next = manager.after(delay, this::probe);
  }

  /** Whether this is the primary, of which more is asked. */
  void primary(boolean is) {
    primary = is;
  }

  /** At once, or right after the probe under way. */
  void probeNow() {
    if (probing) {
      wanted = true;
    } else if (next.isPending()) {
      next.cancel();
      next = manager.after(0, this::probe);
    }
  }

  private void probe() {
    probing = true;
    new Probe().begin();
  }

  private void over(long begun, Observation observation) {
    probing = false;
    long wait = Math.max(0, begun + interval - kernel.now());
    next = manager.after(wanted ? 0 : wait, this::probe);
    wanted = false;
    sink.accept(observation);
  }

  /** One probe: it is over at its deadline, whatever happens. */
  private final class Probe {
    private final long begun = kernel.now();
    private final long deadline = begun + timeout;
    private boolean fresh;
    private List<Channel> channels = List.of();

    void begin() {
      Link kept = link;
      if (kept != null && kept.usable()) {
        ask(kept);
      } else {
        reconnect();
      }
    }

    private long left() {
      return Math.max(0, deadline - kernel.now());
    }

    private void missed(Kind kind, String detail) {
      if (kind.provesLife() || kind.crash()) {
        patience = timeout;
      }
      over(begun, new Observation.Missed(kind, detail, clocks.now()));
    }

    private <T> void read(Link from, Function<Facts, T> look, Consumer<T> then) {
      from.read(
          look,
          left(),
          reply -> {
            switch (reply) {
              case Reply.Done<T> d -> then.accept(d.value());
              case Reply.Refused<T> r -> missed(kind(r.code()), r.text());
              case Reply.Lost<T> l -> lost(l);
            }
          });
    }

    /** A lost connection is no observation: a fresh one is tried within the same probe. */
    private void lost(Reply.Lost<?> how) {
      link = null;
      if (how.kind() == Kind.TIMEOUT || fresh) {
        missed(how.kind(), how.text());
      } else {
        reconnect();
      }
    }

    private void ask(Link from) {
      boolean due = primary && (semiSync.isEmpty() || kernel.now() >= semiSyncDue);
      if (!primary) {
        semiSync = Optional.empty();
      }
      if (due) {
        read(
            from,
            Facts::semiSyncStatus,
            status -> {
              semiSync = Optional.of(status);
              semiSyncDue = kernel.now() + SEMI_SYNC_INTERVAL;
              askChannels(from);
            });
      } else {
        askChannels(from);
      }
    }

    private void askChannels(Link from) {
      read(
          from,
          Facts::channels,
          found -> {
            channels = found;
            read(
                from,
                f -> f.all(channels, new Facts.Extras(startedMillis, semiSync, complaint())),
                this::seen);
          });
    }

    private Optional<String> complaint() {
      return writes == null || !primary ? Optional.empty() : writes.complaint();
    }

    private void seen(ServerFacts facts) {
      if (writes != null && primary && !facts.readOnly()) {
        writes.mayWrite();
      }
      patience = timeout;
      sentinel.serverAnswers();
      Duration took = Duration.ofNanos(kernel.now() - begun);
      over(begun, new Observation.Seen(facts, clocks.now(), took));
    }

    // --- a fresh connection

    private void reconnect() {
      fresh = true;
      Link.Dialing current = attempt;
      if (current == null) {
        current = dial();
      }
      if (current.over()) {
        attempt = null;
        connected(dialed);
        return;
      }
      Alarm limit = manager.after(left(), this::noAnswer);
      onAttempt =
          () -> {
            limit.cancel();
            attempt = null;
            connected(dialed);
          };
    }

    private void connected(Reply<Link> reply) {
      switch (reply) {
        case Reply.Done<Link> d -> {
          link = d.value();
          read(
              d.value(),
              Facts::uptimeSeconds,
              up -> {
                startedMillis = clocks.millis() - up * 1000;
                ask(d.value());
              });
        }
        case Reply.Refused<Link> r -> missed(kind(r.code()), r.text());
        case Reply.Lost<Link> l -> missed(l.kind(), l.text());
      }
    }

    /** One that was accepted stays, over several probes; another one is given up. */
    private void noAnswer() {
      onAttempt = () -> {};
      Link.Dialing current = attempt;
      if (current != null && !current.accepted()) {
        current.abandon();
        attempt = null;
        patience = timeout;
      }
      missed(Kind.TIMEOUT, "no answer in time");
    }
  }

  private Link.Dialing dial() {
    Link.Dialing dialing =
        Link.dial(
            manager,
            server,
            Account.MANAGER,
            patience,
            reply -> {
              dialed = reply;
              onAttempt.run();
            });
    attempt = dialing;
    patience = Math.min(2 * patience, PATIENCE_MAX);
    return dialing;
  }

  private static Kind kind(int code) {
    return switch (code) {
      case 1040 -> Kind.TOO_MANY_CONNECTIONS;
      case 1045, 1227 -> Kind.AUTH;
      default -> Kind.PROTOCOL;
    };
  }
}
