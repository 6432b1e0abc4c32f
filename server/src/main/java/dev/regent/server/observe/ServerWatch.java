package dev.regent.server.observe;

import dev.regent.core.model.Moment;
import dev.regent.core.model.Observation;
import dev.regent.core.model.Observation.Kind;
import dev.regent.core.model.ServerFacts.SemiSyncStatus;
import dev.regent.core.model.ServerId;
import dev.regent.server.connect.Attempt;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes one server, for ever, on one thread and one connection that it keeps.
 *
 * <p><b>Deadline.</b> A probe is over when its time-out is, whatever happens: reconnection,
 * greeting and login included.
 *
 * <p><b>A lost connection</b> is no observation: somebody may have killed it. A fresh one is tried
 * within the same probe, and its failure, or success, is what is reported.
 *
 * <p><b>Never flood.</b> The kernel of a frozen server accepts connections until its queue is full,
 * and when the server thaws, every abandoned one counts as a connection error of our host, until
 * the host is blocked ({@code max_connect_errors}). So there is one attempt at a time. One that was
 * accepted stays, over several probes, each a miss, twice as long every time; one that was not
 * accepted costs the server nothing and is replaced at every probe, to notice a healed path soon.
 */
public final class ServerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);

  private static final Duration PATIENCE_MAX = Duration.ofSeconds(30);
  private static final Duration SEMI_SYNC_INTERVAL = Duration.ofSeconds(1);

  private final ServerId server;
  private final Dialer dialer;
  private final Rhythm rhythm;
  private final Sentinel sentinel;
  private final @Nullable WriteProbe writes;
  private final HearingProbe hearing;
  private final Consumer<Observation> sink;
  private final Nudge nudge = new Nudge();
  private final Thread thread;
  private volatile boolean primary;
  private volatile boolean closed;

  // The rest belongs to the probing thread.
  private @Nullable FactsReader reader;
  private @Nullable Attempt attempt;
  private Duration patience;
  private Optional<SemiSyncStatus> semiSync = Optional.empty();
  private Deadline semiSyncDue = Deadline.after(Duration.ZERO);

  /**
   * @param interval from the beginning of one probe to the next; a probe that takes longer delays
   *     it
   * @param timeout the whole of one probe
   */
  public record Rhythm(Duration interval, Duration timeout) {}

  /** {@code sink} is called on the probing thread and must not block. */
  public ServerWatch(
      ServerId server,
      Dialer dialer,
      Rhythm rhythm,
      Sentinel sentinel,
      @Nullable WriteProbe writes,
      Consumer<Observation> sink) {
    this.server = server;
    this.dialer = dialer;
    this.rhythm = rhythm;
    this.sentinel = sentinel;
    this.writes = writes;
    this.hearing = new HearingProbe(server, dialer);
    this.sink = sink;
    this.patience = rhythm.timeout();
    this.thread = Thread.ofVirtual().name("watch-" + server).unstarted(this::run);
  }

  public void start() {
    hearing.start();
    thread.start();
  }

  /** Probes at once, or right after the probe under way. Never blocks. */
  public void probeNow() {
    nudge.give();
  }

  /** Whether this is the primary, of which more is asked. Never blocks. */
  public void primary(boolean is) {
    primary = is;
  }

  private void run() {
    try {
      while (!closed) {
        Deadline next = Deadline.after(rhythm.interval());
        report(probe(Deadline.after(rhythm.timeout())));
        nudge.await(next);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      release();
    }
  }

  private void report(Observation observation) {
    try {
      if (!closed) {
        sink.accept(observation);
      }
    } catch (RuntimeException e) {
      LOG.error("The observation of {} could not be handed over", server, e);
    }
  }

  private Observation probe(Deadline deadline) throws InterruptedException {
    long begun = System.nanoTime();
    try {
      Observation seen = seen(begun, deadline);
      sentinel.serverAnswers();
      patience = rhythm.timeout();
      return seen;
    } catch (LinkException e) {
      if (e.kind().provesLife() || e.kind().crash()) {
        patience = rhythm.timeout();
      }
      return new Observation.Missed(e.kind(), String.valueOf(e.getMessage()), now());
    }
  }

  private Observation seen(long begun, Deadline deadline)
      throws LinkException, InterruptedException {
    FactsReader kept = reader;
    if (kept != null) {
      try {
        return ask(kept, begun, deadline);
      } catch (LinkException e) {
        if (e.answered() || e.kind() == Kind.TIMEOUT) {
          throw e;
        }
      }
    }
    return ask(reconnect(deadline), begun, deadline);
  }

  private Observation ask(FactsReader from, long begun, Deadline deadline) throws LinkException {
    try {
      refreshSemiSync(from, deadline);
      var facts = from.read(deadline, new FactsReader.Extras(semiSync, complaint()));
      if (writes != null && primary && !facts.readOnly()) {
        writes.mayWrite();
      }
      return new Observation.Seen(facts, now(), Duration.ofNanos(System.nanoTime() - begun));
    } catch (LinkException e) {
      // After an answer it is kept: when the server is full, there is no way back in.
      if (!e.answered()) {
        from.link().close();
        reader = null;
      }
      throw e;
    }
  }

  private Optional<String> complaint() {
    return writes == null || !primary ? Optional.empty() : writes.complaint();
  }

  private void refreshSemiSync(FactsReader from, Deadline deadline) throws LinkException {
    if (!primary) {
      semiSync = Optional.empty();
    } else if (semiSync.isEmpty() || semiSyncDue.passed()) {
      SemiSyncStatus status = from.semiSyncStatus(hearing.deaf(), deadline);
      if (status.waiting() > 0) {
        hearing.mayAsk();
      }
      semiSync = Optional.of(status);
      semiSyncDue = Deadline.after(SEMI_SYNC_INTERVAL);
    }
  }

  private FactsReader reconnect(Deadline deadline) throws LinkException, InterruptedException {
    Link link = connect(deadline);
    try {
      FactsReader fresh = FactsReader.on(link, deadline);
      reader = fresh;
      return fresh;
    } catch (LinkException e) {
      link.close();
      throw e;
    }
  }

  private Link connect(Deadline deadline) throws LinkException, InterruptedException {
    Attempt current = attempt;
    if (current == null) {
      current = Attempt.start(dialer, Deadline.after(patience));
      patience = doubled();
    }
    attempt = null;
    Optional<Link> link = awaited(current, deadline);
    if (link.isEmpty()) {
      keepOrAbandon(current);
      throw LinkException.noAnswer(dialer.address());
    }
    return link.get();
  }

  private static Optional<Link> awaited(Attempt current, Deadline deadline)
      throws LinkException, InterruptedException {
    try {
      return current.await(deadline);
    } catch (InterruptedException e) {
      // Nobody else would close what it opens.
      current.abandon();
      throw e;
    }
  }

  private void keepOrAbandon(Attempt current) {
    if (current.accepted()) {
      attempt = current;
    } else {
      current.abandon();
      patience = rhythm.timeout();
    }
  }

  private Duration doubled() {
    Duration twice = patience.multipliedBy(2);
    return twice.compareTo(PATIENCE_MAX) < 0 ? twice : PATIENCE_MAX;
  }

  private static Moment now() {
    return new Moment(System.nanoTime(), System.currentTimeMillis());
  }

  private void release() {
    if (attempt != null) {
      attempt.abandon();
    }
    if (reader != null) {
      reader.link().close();
    }
  }

  /** Stops probing. Blocks no longer than a probe's time-out; later observations are dropped. */
  @Override
  public void close() {
    closed = true;
    hearing.close();
    thread.interrupt();
    if (thread.getState() == Thread.State.NEW) {
      // Another cluster's daemon could not be opened: this one was never started.
      return;
    }
    try {
      thread.join(rhythm.timeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
