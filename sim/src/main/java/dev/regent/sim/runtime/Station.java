package dev.regent.sim.runtime;

import dev.regent.core.model.Observation;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Step;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.mariadb.Account;
import dev.regent.sim.mariadb.Link;
import dev.regent.sim.mariadb.Reply;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.steps.Mandate;
import dev.regent.sim.steps.Office;
import dev.regent.sim.steps.Steps;
import dev.regent.sim.steps.Work;
import java.util.function.Consumer;

/** All that the executor has for one server: the lane of its changes and the control session. */
final class Station {
  private static final long OFFICE_MAX = 3 * Kernel.SECOND;
  private static final long OFFICE_PAUSE = Kernel.SECOND;

  /** Every wait in a step ends by itself at its deadline; this much later somebody is stuck. */
  private static final long GRACE = 250 * Kernel.MILLISECOND;

  private final SimServer server;
  private final SimProcess manager;
  private final Kernel kernel;
  private final Office office;
  private final Lane lane = new Lane();
  private boolean answers;
  private boolean takingOffice;
  private boolean keptOut;
  private long nextTry;

  Station(SimServer server, SimProcess manager, Kernel kernel, Mandate mandate, String cluster) {
    this.server = server;
    this.manager = manager;
    this.kernel = kernel;
    this.office = new Office(mandate, manager, server, cluster, kernel);
  }

  boolean keptOut() {
    return keptOut;
  }

  /** Whenever a server answers again, office is taken there, so that no failover waits for it. */
  void observed(Observation observation) {
    boolean answersNow = observation instanceof Observation.Seen;
    boolean tryDue = kernel.now() >= nextTry;
    boolean stale = !answers || (office.behind() && tryDue);
    boolean due = office.held() ? stale : tryDue;
    answers = answersNow;
    if (answersNow && due && !takingOffice) {
      takingOffice = lane.offerIdle(this::takeOffice);
    }
  }

  private void takeOffice(Runnable done) {
    long deadline = kernel.now() + OFFICE_MAX;
    office.ensure(
        deadline,
        taken -> {
          keptOut = taken.keptOut();
          if (taken instanceof Office.Taken.InOffice) {
            office.raiseEpoch(deadline, () -> tookOffice(done));
          } else {
            tookOffice(done);
          }
        });
  }

  private void tookOffice(Runnable done) {
    nextTry = kernel.now() + OFFICE_PAUSE;
    takingOffice = false;
    done.run();
  }

  /** Told once how a step ended, whoever finds out first: the step or the clock. */
  private static final class Report {
    private final Consumer<Outcome> done;
    private boolean begun;
    private boolean told;

    Report(Consumer<Outcome> done) {
      this.done = done;
    }

    boolean begin() {
      begun = !told;
      return begun;
    }

    void tell(Outcome outcome) {
      if (!told) {
        told = true;
        done.accept(outcome);
      }
    }

    void expire() {
      tell(
          begun
              ? new Outcome.Unknown("not ended in time")
              : new Outcome.Failed("not begun in time: an earlier step on the server goes on"));
    }
  }

  private Report limited(long deadline, Consumer<Outcome> done) {
    Report report = new Report(done);
    manager.after(deadline - kernel.now() + GRACE, report::expire);
    return report;
  }

  /** Does the step when its turn comes. */
  void queue(Step step, Consumer<Outcome> done) {
    long deadline = kernel.now() + step.deadline().toNanos();
    Report report = limited(deadline, done);
    boolean taken =
        lane.offer(next -> {
          if (report.begin()) {
            change(
                step,
                deadline,
                outcome -> {
                  report.tell(outcome);
                  next.run();
                });
          } else {
            next.run();
          }
        });
    if (!taken) {
      report.tell(new Outcome.Failed("too many steps wait for " + server.name()));
    }
  }

  private void change(Step step, long deadline, Consumer<Outcome> done) {
    office.ensure(
        deadline,
        taken -> {
          switch (taken) {
            case Office.Taken.InOffice t ->
                Steps.perform(step, Work.inOffice(office, kernel, deadline, lane::wanted), done);
            case Office.Taken.NotNow t -> {
              keptOut = t.keptOut();
              done.accept(new Outcome.Failed(t.reason()));
            }
          }
        });
  }

  /** Looks at once, on a connection of its own. */
  void look(Step step, Consumer<Outcome> done) {
    long deadline = kernel.now() + step.deadline().toNanos();
    Report report = limited(deadline, done);
    report.begin();
    Link.dial(
        manager,
        server,
        Account.MANAGER,
        step.deadline().toNanos(),
        reply -> {
          if (reply instanceof Reply.Done<Link> d) {
            Work work = new Work(office, kernel, deadline, d.value(), () -> false);
            Steps.perform(
                step,
                work,
                outcome -> {
                  d.value().cut();
                  report.tell(outcome);
                });
          } else {
            report.tell(new Outcome.Failed("it does not answer"));
          }
        });
  }
}
