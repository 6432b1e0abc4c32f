package dev.regent.cli.top;

import dev.regent.cli.client.Ask;
import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.DaemonOptions;
import dev.regent.cli.console.Backend;
import dev.regent.cli.console.Console;
import dev.regent.cli.console.Happening;
import dev.regent.cli.console.Order;
import dev.regent.server.publish.Frame;
import dev.regent.server.render.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A daemon as the backend: looks at it often, and passes orders on. */
final class DaemonBackend implements Backend {
  private static final long LOOK_MILLIS = 300;

  /** More than usually happen between two looks; after more than that all are asked for. */
  private static final int EVENTS_USUAL = 20;

  private final DaemonOptions daemon;
  private final Log log = new Log();
  private final CountDownLatch closed = new CountDownLatch(1);

  DaemonBackend(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  @Override
  public void watch(Consumer<Happening> listener) {
    Thread.ofVirtual().name("console-look").start(() -> look(listener));
  }

  private void look(Consumer<Happening> listener) {
    try {
      do {
        try {
          events(listener);
          listener.accept(sight());
        } catch (CommandException | RuntimeException e) {
          listener.accept(new Happening.Lost(String.valueOf(e.getMessage())));
        }
      } while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Happening sight() throws CommandException {
    List<Frame> frames = new ArrayList<>();
    daemon.ask(Ask.to("status").with("json", true), frames::add);
    for (Frame frame : frames) {
      if (frame.kind() == Frame.Kind.OUT) {
        return new Happening.Seen(SightReader.read(frame.text()));
      }
    }
    return new Happening.Lost(frames.isEmpty() ? "it said nothing" : frames.getFirst().text());
  }

  private void events(Consumer<Happening> listener) throws CommandException {
    List<String> lines = events(EVENTS_USUAL);
    Log.News news = log.take(log.reaches(lines) ? lines : events(Console.LOG_MAX));
    if (news.whole()) {
      listener.accept(new Happening.Forgotten());
    }
    for (String line : news.lines()) {
      Told.parse(line)
          .map(t -> new Happening.Line(t.atMillis(), t.severity(), t.sentence()))
          .ifPresent(l -> listener.accept(new Happening.Told(l)));
    }
  }

  private List<String> events(int last) throws CommandException {
    List<String> lines = new ArrayList<>();
    daemon.ask(
        Ask.to("events").with("last", last).with("json", true),
        frame -> {
          if (frame.kind() == Frame.Kind.OUT) {
            lines.add(frame.text());
          }
        });
    return lines;
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
      return new Answer(Answer.Result.of(exit), List.copyOf(lines));
    } catch (CommandException e) {
      return new Answer(Answer.Result.FAILED, List.of(String.valueOf(e.getMessage())));
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
