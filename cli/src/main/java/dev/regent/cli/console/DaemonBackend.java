package dev.regent.cli.console;

import dev.regent.cli.client.Ask;
import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.DaemonOptions;
import dev.regent.cli.client.ExitCode;
import dev.regent.server.publish.Frame;
import dev.regent.server.render.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A daemon as the backend: looks at it often, follows its events, and passes orders on. */
final class DaemonBackend implements Backend {
  private static final long LOOK_MILLIS = 500;
  private static final long RECONNECT_MILLIS = 500;
  private static final int EVENTS_FIRST = 200;

  private final DaemonOptions daemon;
  private final List<Thread> threads = new ArrayList<>();

  /** An event is a reason to look at once. */
  private final Semaphore news = new Semaphore(0);

  DaemonBackend(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  @Override
  public void watch(Consumer<Happening> listener) {
    threads.add(Thread.ofVirtual().name("console-look").start(() -> look(listener)));
    threads.add(Thread.ofVirtual().name("console-events").start(() -> follow(listener)));
  }

  private void look(Consumer<Happening> listener) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        listener.accept(sight());
        if (news.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          news.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Happening sight() {
    List<Frame> frames = new ArrayList<>();
    try {
      daemon.ask(Ask.to("status").with("json", true), frames::add);
      for (Frame frame : frames) {
        if (frame.kind() == Frame.Kind.OUT) {
          return new Happening.Seen(SightReader.read(frame.text()));
        }
      }
      return new Happening.Lost(frames.isEmpty() ? "it said nothing" : frames.getFirst().text());
    } catch (CommandException | RuntimeException e) {
      return new Happening.Lost(String.valueOf(e.getMessage()));
    }
  }

  private void follow(Consumer<Happening> listener) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        listener.accept(new Happening.Forgotten());
        try {
          daemon.ask(
              Ask.to("events").with("last", EVENTS_FIRST).with("follow", true).with("json", true),
              frame -> told(frame, listener));
        } catch (CommandException e) {
          // The other thread tells who is gone; the log is asked for again.
        }
        TimeUnit.MILLISECONDS.sleep(RECONNECT_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void told(Frame frame, Consumer<Happening> listener) {
    if (frame.kind() == Frame.Kind.OUT) {
      Told.parse(frame.text())
          .ifPresent(t -> {
            listener.accept(
                new Happening.Told(new Happening.Line(t.atMillis(), t.severity(), t.sentence())));
            news.release();
          });
    }
  }

  @Override
  public String refusal(Order order) {
    return order instanceof Order.ReadOnly
        ? "The daemon keeps replicas closed and opens none: what is written on a replica is lost"
            + " or stops its replication."
        : "";
  }

  @Override
  public Answer plan(Order order) {
    return switch (order) {
      case Order.Switchover s -> ask(change("switchover", s.to(), s.force(), true), line -> {});
      case Order.Failover f -> ask(change("failover", f.to(), f.force(), true), line -> {});
      case Order.Maintenance m ->
          done(
              m.begin()
                  ? m.server() + " will be neither promoted nor repaired until maintenance ends"
                  : m.server() + " will be repaired, and may be promoted, again");
      case Order.Pause p ->
          done(
              p.begin()
                  ? "no automatic action, failover included, until the pause ends"
                  : "automatic action goes on; past failovers count as acknowledged");
      case Order.ReadOnly r -> new Answer(Answer.Result.HELD, List.of(refusal(r)));
    };
  }

  private static Answer done(String words) {
    return new Answer(Answer.Result.DONE, List.of(words));
  }

  private static Ask change(String command, String to, boolean force, boolean dry) {
    return Ask.to(command).with("to", to).with("force", force).with("dryRun", dry);
  }

  @Override
  public Answer carryOut(Order order, Consumer<String> progress) {
    return switch (order) {
      case Order.Switchover s -> ask(change("switchover", s.to(), s.force(), false), progress);
      case Order.Failover f -> ask(change("failover", f.to(), f.force(), false), progress);
      case Order.Maintenance m ->
          ask(
              Ask.to("maintenance")
                  .with("do", m.begin() ? "begin" : "end")
                  .with("server", m.server())
                  .with("reason", m.begin() ? "from the console" : ""),
              progress);
      case Order.Pause p ->
          ask(
              p.begin() ? Ask.to("pause").with("reason", "from the console") : Ask.to("resume"),
              progress);
      case Order.ReadOnly r -> new Answer(Answer.Result.HELD, List.of(refusal(r)));
    };
  }

  private Answer ask(Ask ask, Consumer<String> progress) {
    ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    try {
      int exit =
          daemon.ask(
              ask,
              frame -> {
                lines.add(frame.text());
                progress.accept(frame.text());
              });
      return new Answer(result(exit), List.copyOf(lines));
    } catch (CommandException e) {
      return new Answer(Answer.Result.FAILED, List.of(String.valueOf(e.getMessage())));
    }
  }

  private static Answer.Result result(int exit) {
    return switch (exit) {
      case ExitCode.DONE -> Answer.Result.DONE;
      case ExitCode.HELD -> Answer.Result.HELD;
      default -> Answer.Result.FAILED;
    };
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
