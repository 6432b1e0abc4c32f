package dev.regent.server.publish;

import dev.regent.core.control.Command;
import dev.regent.core.control.Reply;
import dev.regent.server.render.Told;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Passes an order on, tells its progress, and answers with the reply. */
final class OrderDesk {
  /** Longer than any plan's deadlines together; the plan goes on without the one who asked. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  /** More events than this in one go are told by 'regent events'. */
  private static final int PROGRESS_MAX = 200;

  private final Orders orders;
  private final Topic<Told> events;

  OrderDesk(Orders orders, Topic<Told> events) {
    this.orders = orders;
    this.events = events;
  }

  OptionalInt carryOut(Command command, Service.Answer answer) throws IOException {
    Progress progress = new Progress();
    if (runsPlan(command)) {
      events.subscribe(0, progress);
    }
    try {
      CompletableFuture<Reply> reply =
          orders.order(command).whenComplete((r, failure) -> progress.end());
      return progress.tell(answer) ? reply(reply, progress.told, answer) : impatient(answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return stopping(answer);
    } finally {
      events.unsubscribe(progress);
    }
  }

  private static boolean runsPlan(Command command) {
    return switch (command) {
      case Command.FailOver c -> !c.dryRun();
      case Command.SwitchOver c -> !c.dryRun();
      case Command.Rejoin c -> !c.dryRun();
      case Command.PauseCluster c -> false;
      case Command.ResumeCluster c -> false;
      case Command.BeginMaintenance c -> false;
      case Command.EndMaintenance c -> false;
    };
  }

  /** The lines of a plan that was watched repeat what was told. */
  private static OptionalInt reply(
      CompletableFuture<Reply> future, boolean told, Service.Answer answer)
      throws IOException, InterruptedException {
    try {
      Reply reply = future.get();
      List<String> lines = new ArrayList<>();
      lines.add(reply.message());
      if (!told) {
        reply.lines().forEach(l -> l.lines().forEach(lines::add));
      }
      boolean good = Clerk.exit(reply.result()) == Clerk.DONE;
      for (String line : lines) {
        if (good) {
          answer.out(line);
        } else {
          answer.err(line);
        }
      }
      return OptionalInt.of(Clerk.exit(reply.result()));
    } catch (ExecutionException e) {
      return stopping(answer);
    }
  }

  private static OptionalInt impatient(Service.Answer answer) throws IOException {
    answer.err(
        "regent: no reply within "
            + PATIENCE.toMinutes()
            + " minutes; the order may still be"
            + " carried out: see 'regent status' and 'regent events'");
    return OptionalInt.of(Clerk.FAILED);
  }

  private static OptionalInt stopping(Service.Answer answer) throws IOException {
    answer.err(
        "regent: the daemon stops; what it began is finished or undone at its next start: see"
            + " 'regent status' then");
    return OptionalInt.of(Clerk.INTERNAL);
  }

  /** The events of plans that run meanwhile, in the operator's terminal as they happen. */
  private static final class Progress implements Topic.Sink<Told> {
    private static final String END = "";
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(PROGRESS_MAX + 1);
    private boolean told;

    @Override
    public boolean offer(Told event) {
      return event.plan().isEmpty()
          || (lines.size() < PROGRESS_MAX && lines.offer(event.sentence()));
    }

    /** Wakes the telling thread; the queue keeps a place for it beyond the events' bound. */
    void end() {
      lines.add(END);
    }

    /** Tells until the end; false if that does not come in time. */
    boolean tell(Service.Answer answer) throws IOException, InterruptedException {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (true) {
        String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (line == null) {
          return false;
        }
        if (line.equals(END)) {
          return true;
        }
        told = true;
        answer.out(line);
        answer.flush();
      }
    }

    @Override
    public boolean alive() {
      return true;
    }

    @Override
    public void close() {}
  }
}
