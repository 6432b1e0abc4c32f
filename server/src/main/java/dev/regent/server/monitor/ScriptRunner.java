package dev.regent.server.monitor;

import dev.regent.core.analyze.Diagnosis.Severity;
import dev.regent.server.execute.Program;
import dev.regent.server.store.Notice;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * Calls the script, one call after the other in the order of the events, on a thread of its own:
 * nothing waits for it. A call that takes too long is ended and the next one begins. More calls
 * than can wait are not made, and that is told.
 */
final class ScriptRunner implements AutoCloseable {
  /** A cluster whose servers come and go faster than a script can say so has other troubles. */
  static final int WAITING_MAX = 100;

  /** Between the request to end and the kill. */
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  /** The longest that the daemon's end waits for a script's. */
  private static final Duration STOP_WITHIN = Duration.ofSeconds(1);

  private final EventSettings settings;
  private final ScriptCall call;
  private final Consumer<Notice> tell;
  private final Duration farewell;
  private final BlockingQueue<Change> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final Thread thread;

  ScriptRunner(EventSettings settings, ScriptCall call, Consumer<Notice> tell) {
    this.settings = settings;
    this.call = call;
    this.tell = tell;
    this.farewell = settings.timeout().compareTo(FAREWELL) < 0 ? settings.timeout() : FAREWELL;
    this.thread = Thread.ofVirtual().name("event-script").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Never blocks. */
  void call(Change change) {
    if (!waiting.offer(change)) {
      tell(
          change,
          "ScriptDropped",
          Severity.CRITICAL,
          "the script is not called for "
              + about(change)
              + ": "
              + WAITING_MAX
              + " calls wait already",
          Map.of());
    }
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        attend(waiting.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void attend(Change change) {
    List<String> shown = call.shown(change);
    tell(
        change,
        "ScriptStarted",
        Severity.NOTICE,
        "the script is called for " + about(change) + ": " + String.join(" ", shown),
        Map.of("command", shown));
    long begun = System.nanoTime();
    ProcessBuilder builder = new ProcessBuilder(call.words(change));
    builder.environment().keySet().removeAll(settings.withheld());
    builder.environment().putAll(call.environment(change));
    try {
      Program program = new Program("event-script", settings.timeout(), farewell);
      ended(change, program.run(builder, new byte[0]), System.nanoTime() - begun);
    } catch (IOException e) {
      tell(
          change,
          "ScriptEnded",
          Severity.WARNING,
          "the script for " + about(change) + " did not start: " + e.getMessage(),
          Map.of());
    }
  }

  private void ended(Change change, Program.Ended ended, long nanos) {
    boolean well = ended.code().isPresent() && ended.code().getAsInt() == 0;
    String how;
    if (ended.interrupted()) {
      how = "was killed, since the daemon stops";
    } else if (ended.code().isEmpty()) {
      how = "was ended at its timeout of " + settings.timeout().toMillis() + " ms";
    } else {
      how = well ? "ended well" : "ended with exit code " + ended.code().getAsInt();
    }
    Map<String, Object> data = new LinkedHashMap<>();
    ended.code().ifPresent(code -> data.put("exit_code", code));
    data.put("took_ms", nanos / 1_000_000);
    data.put("output", ended.output());
    tell(
        change,
        "ScriptEnded",
        well ? Severity.NOTICE : Severity.WARNING,
        "the script for "
            + about(change)
            + " "
            + how
            + " after "
            + nanos / 1_000_000
            + " ms"
            + said(ended.output()),
        data);
  }

  /** The last line: what a program dies of. All of it is in the data. */
  private static String said(String output) {
    List<String> lines = output.lines().toList();
    return lines.isEmpty() ? "" : ": " + lines.getLast();
  }

  private static String about(Change change) {
    return change.event().word() + " of " + change.after().id();
  }

  private void tell(
      Change change, String name, Severity severity, String sentence, Map<String, Object> more) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("event", change.event().word());
    data.putAll(more);
    tell.accept(
        new Notice(
            System.currentTimeMillis(), name, severity, change.after().id(), sentence, data));
  }

  /** Ends the script that runs; those that wait are not called any more. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(STOP_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
