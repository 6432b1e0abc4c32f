package dev.regent.server.execute;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs a program of the operator's for a bounded time. At the deadline it and its descendants are
 * asked to end, if they are given time for that, and then killed. The end of what it said is kept.
 */
public final class Program {
  /** More than this nobody reads in an audit trail. */
  private static final int OUTPUT_MAX = 4_096;

  /** A killed process's pipe closes at once, unless a descendant escaped with it. */
  private static final Duration OUTPUT_WAIT = Duration.ofMillis(200);

  private final String name;
  private final Duration deadline;
  private final Duration farewell;

  /**
   * @param name of its threads
   * @param farewell between the request to end and the kill; zero: no request
   */
  public Program(String name, Duration deadline, Duration farewell) {
    this.name = name;
    this.deadline = deadline;
    this.farewell = farewell;
  }

  /**
   * How it ended.
   *
   * @param code empty if it was ended at the deadline, or because the manager stops
   * @param interrupted the manager stops
   */
  public record Ended(OptionalInt code, boolean interrupted, String output) {
    /** The output behind a colon, if there is any. */
    public String said() {
      return output.isEmpty() ? "" : ": " + output;
    }
  }

  /**
   * Runs it and waits. An interrupt ends the program, and stays set.
   *
   * @throws IOException it did not start
   */
  public Ended run(ProcessBuilder builder, byte[] input) throws IOException {
    Process process = builder.redirectErrorStream(true).start();
    CompletableFuture<String> output = new CompletableFuture<>();
    thread("output", () -> output.complete(tail(process.getInputStream())));
    // A thread of its own: a program that reads nothing must not hold us up.
    thread("input", () -> feed(process.getOutputStream(), input));
    try {
      if (process.waitFor(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
        return new Ended(OptionalInt.of(process.exitValue()), false, said(output));
      }
      end(process);
      return new Ended(OptionalInt.empty(), false, said(output));
    } catch (InterruptedException e) {
      kill(everybody(process));
      Thread.currentThread().interrupt();
      return new Ended(OptionalInt.empty(), true, "");
    }
  }

  private void thread(String what, Runnable work) {
    Thread.ofVirtual().name(name + "-" + what).start(work);
  }

  private static void feed(OutputStream in, byte[] bytes) {
    try (in) {
      in.write(bytes);
    } catch (IOException e) {
      // It did not want to know.
    }
  }

  /** Reads all, so that the program never blocks on us, and keeps the end. */
  private static String tail(InputStream out) {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[OUTPUT_MAX];
    try (out) {
      for (int n = out.read(buffer); n >= 0; n = out.read(buffer)) {
        text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
        text.delete(0, Math.max(0, text.length() - OUTPUT_MAX));
      }
    } catch (IOException e) {
      text.append(" (output cut off)");
    }
    return text.toString().strip();
  }

  private static String said(CompletableFuture<String> output) throws InterruptedException {
    try {
      return output.completeOnTimeout("", OUTPUT_WAIT.toMillis(), TimeUnit.MILLISECONDS).get();
    } catch (ExecutionException e) {
      return "";
    }
  }

  private void end(Process process) throws InterruptedException {
    // Those who lose their parent are no descendants any more: they are listed before.
    List<ProcessHandle> all = everybody(process);
    if (!farewell.isZero()) {
      all.forEach(ProcessHandle::destroy);
      process.waitFor(farewell.toNanos(), TimeUnit.NANOSECONDS);
    }
    kill(all);
  }

  private static List<ProcessHandle> everybody(Process process) {
    try (Stream<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle()))) {
      return all.toList();
    }
  }

  private static void kill(List<ProcessHandle> processes) {
    processes.forEach(ProcessHandle::destroyForcibly);
  }
}
