package dev.regent.sim;

import dev.regent.sim.kernel.Trace;
import dev.regent.sim.swarm.Options;
import dev.regent.sim.swarm.Script;
import dev.regent.sim.swarm.Swarm;
import dev.regent.sim.swarm.Verdict;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** Runs seeds side by side: each run is alone with its thread, so the order changes nothing. */
final class Batch {
  private static final long PROGRESS_NANOS = 10_000_000_000L;

  private final LongFunction<Options> draw;
  private final int threads;
  private final PrintStream progress;
  private final AtomicLong told = new AtomicLong(System.nanoTime());

  /** {@code draw}: what a seed means. */
  Batch(LongFunction<Options> draw, int threads, PrintStream progress) {
    this.draw = draw;
    this.threads = threads;
    this.progress = progress;
  }

  /** A limit of zero is none. */
  void run(long first, long last, Duration limit, Tally tally) {
    AtomicLong next = new AtomicLong(first);
    long end = System.nanoTime() + (limit.isZero() ? Long.MAX_VALUE / 2 : limit.toNanos());
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      workers.add(Thread.ofPlatform().name("sim-" + i).start(() -> work(next, last, end, tally)));
    }
    try {
      for (Thread worker : workers) {
        worker.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work(AtomicLong next, long last, long end, Tally tally) {
    while (System.nanoTime() - end < 0) {
      long seed = next.getAndIncrement();
      if (seed > last) {
        return;
      }
      Options options = draw.apply(seed);
      Script script = Swarm.script(options);
      long begun = Cpu.nanos();
      Verdict verdict = judged(options, script, Trace.silent());
      tally.add(new Tally.Result(seed, options, script, verdict, Cpu.nanos() - begun));
      tell(tally);
    }
  }

  /** A run that throws has failed like one that breaks a promise; the others go on. */
  static Verdict judged(Options options, Script script, Trace trace) {
    try {
      return Swarm.run(options, script, trace);
    } catch (RuntimeException e) {
      StringWriter text = new StringWriter();
      e.printStackTrace(new PrintWriter(text)); // tidy: stack-trace because it goes into the report
      return new Verdict(
          Verdict.End.FAILED,
          List.of(text.toString()),
          new Verdict.Figures(0, 0, 0, 0, 0, 0, 0, 0));
    }
  }

  private void tell(Tally tally) {
    long before = told.get();
    long now = System.nanoTime();
    if (now - before > PROGRESS_NANOS && told.compareAndSet(before, now)) {
      progress.println(tally.words());
    }
  }
}
