package dev.regent.server.execute;

import dev.regent.core.model.Observation;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Freezing;
import dev.regent.core.plan.Keeping;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting;
import dev.regent.core.plan.Receiving;
import dev.regent.core.plan.Step;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.freeze.FreezingSteps;
import dev.regent.server.office.ControlSession;
import dev.regent.server.office.DeposedException;
import dev.regent.server.office.Mandate;
import dev.regent.server.relay.ReceivingSteps;
import dev.regent.server.steps.Clients;
import dev.regent.server.steps.KeepingSteps;
import dev.regent.server.steps.LateException;
import dev.regent.server.steps.PromotingSteps;
import dev.regent.server.steps.RefusedException;
import dev.regent.server.steps.Work;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that the executor has for one server: the lane of its changes and the control session. */
final class Station implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Station.class);

  private static final Duration OFFICE_MAX = Duration.ofSeconds(3);
  private static final Duration OFFICE_PAUSE = Duration.ofSeconds(1);

  /** Every wait in a step ends by itself at its deadline; this much later somebody is stuck. */
  private static final Duration GRACE = Duration.ofMillis(250);

  private final ServerId id;
  private final Dialer dialer;
  private final Work.Place place;
  private final ControlSession control;
  private final Lane lane;
  private final Spare spare = new Spare();
  private final Consumer<String> alarm;
  private final AtomicBoolean takingOffice = new AtomicBoolean();
  private volatile boolean closed;
  private volatile boolean answers;
  private volatile Deadline nextTry = Deadline.after(Duration.ZERO);
  private volatile boolean keptOut;
  private volatile String complaint = "";

  Station(
      ServerId id,
      Dialer dialer,
      Mandate mandate,
      SourceLogin login,
      Supplier<Clients> clients,
      Consumer<String> alarm) {
    this.id = id;
    this.dialer = dialer;
    this.alarm = alarm;
    this.control = new ControlSession(mandate, dialer);
    this.lane = new Lane("change-" + id);
    this.place = new Work.Place(dialer, control, login::fillIn, clients, lane::wanted, spare::take);
  }

  void observed(Observation observation) {
    boolean answersNow = observation instanceof Observation.Seen;
    boolean stale = !answers || (control.behind() && nextTry.passed());
    boolean due = control.held() ? stale : nextTry.passed();
    answers = answersNow;
    if (answersNow && due && takingOffice.compareAndSet(false, true)) {
      if (!lane.offerIdle(this::takeOffice)) {
        takingOffice.set(false);
      }
    }
  }

  private void takeOffice() {
    try {
      Deadline deadline = Deadline.after(OFFICE_MAX);
      control.ensure(deadline);
      control.raiseEpoch(deadline);
      admitted();
    } catch (DeposedException e) {
      keptOut(e);
    } catch (LinkException e) {
      complain(words(e));
    } catch (RuntimeException e) {
      LOG.error("Taking office on {} broke", id, e);
    } finally {
      nextTry = Deadline.after(OFFICE_PAUSE);
      takingOffice.set(false);
      leaveIfClosed();
    }
  }

  /** What was under way when this closed may have taken office afterwards. */
  private void leaveIfClosed() {
    if (closed) {
      control.close();
    }
  }

  /** Once per reason: the next attempt comes in a second. */
  private void complain(String reason) {
    if (!reason.equals(complaint)) {
      complaint = reason;
      LOG.warn("Office on {} could not be taken: {}", id, reason);
    }
  }

  private void admitted() {
    complaint = "";
    if (keptOut) {
      keptOut = false;
      alarm.accept("office on " + id + " is ours again");
    }
  }

  private void keptOut(DeposedException e) {
    if (!keptOut) {
      keptOut = true;
      alarm.accept("kept out of " + id + ": " + e.getMessage());
    }
  }

  /** Does the step when its turn comes, on the lane. */
  void queue(Step step, Deadline deadline, Consumer<Outcome> done, Executor beside) {
    Report report = limited(deadline, done, beside);
    Runnable turn = () -> report.begun(() -> change(step, deadline));
    if (!lane.offer(turn)) {
      report.tell(new Outcome.Failed("too many steps wait for " + id));
    }
  }

  /** Looks at once, on a thread of its own. */
  void look(Step step, Deadline deadline, Consumer<Outcome> done, Executor beside) {
    Report report = limited(deadline, done, beside);
    beside.execute(() -> report.begun(() -> look(step, deadline, beside)));
  }

  private static Report limited(Deadline deadline, Consumer<Outcome> done, Executor beside) {
    Report report = new Report(done);
    long millis = deadline.left().plus(GRACE).toMillis();
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, beside)
        .execute(report::expire);
    return report;
  }

  private interface Opening {
    Work open() throws LinkException, DeposedException;
  }

  private Outcome change(Step step, Deadline deadline) {
    try {
      return run(step, () -> Work.inOffice(place, deadline));
    } finally {
      leaveIfClosed();
    }
  }

  private Outcome look(Step step, Deadline deadline, Executor beside) {
    try {
      Link link = dialer.dial(deadline);
      Outcome outcome = run(step, () -> Work.looking(place, deadline, link));
      if (step instanceof Freezing.CheckPrimary && link.usable()) {
        // A freeze follows.
        spare.keep(link, beside);
      } else {
        link.close();
      }
      return outcome;
    } catch (LinkException e) {
      return new Outcome.Failed(words(e));
    }
  }

  private Outcome run(Step step, Opening opening) {
    Work work = null;
    try {
      work = opening.open();
      return new Outcome.Done(perform(step, work));
    } catch (RefusedException e) {
      return new Outcome.Failed(words(e));
    } catch (LateException e) {
      return new Outcome.Unknown(words(e));
    } catch (DeposedException e) {
      keptOut(e);
      return brokenOff(work, words(e), true);
    } catch (LinkException e) {
      return brokenOff(work, words(e), e.answered());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return brokenOff(work, "the manager is stopping", false);
    } catch (RuntimeException e) {
      LOG.error("Step '{}' broke", step.sentence(), e);
      return brokenOff(work, "it broke: " + e, false);
    }
  }

  private Evidence perform(Step step, Work work)
      throws LinkException,
          DeposedException,
          RefusedException,
          LateException,
          InterruptedException {
    return switch (step) {
      case Receiving s -> ReceivingSteps.perform(s, work);
      case Promoting s -> PromotingSteps.perform(s, work);
      case Freezing s -> FreezingSteps.perform(s, work);
      case Keeping s -> KeepingSteps.perform(s, work);
    };
  }

  private static Outcome brokenOff(@Nullable Work work, String reason, boolean answered) {
    return work == null ? new Outcome.Failed(reason) : work.brokenOff(reason, answered);
  }

  private static String words(Exception e) {
    return String.valueOf(e.getMessage());
  }

  @Override
  public void close() {
    closed = true;
    lane.close();
    try {
      lane.join(GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    spare.close();
    control.close();
  }
}
