package dev.regent.bench.measure;

import dev.regent.lab.measure.Figures;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.node.ObjectNode;

/**
 * Measures the machine beside the program, while the rounds run: how late a thread wakes that asked
 * for one millisecond, one such thread per processor, and how long a write of 4 KiB takes to be
 * durable where the servers and the daemon have their files.
 *
 * <p>Each round's worst stall is what counts, since one stall in the wrong moment is the round's
 * figure. The rule: the machine is too busy if the 95th percentile of the rounds' worst stalls, of
 * either kind, reaches {@link #BUSY_FROM_MILLIS}.
 */
public final class Calibration implements AutoCloseable {
  public static final double BUSY_FROM_MILLIS = 250;

  private static final long TICK_NANOS = 1_000_000;

  /** Often enough to meet a stall, seldom enough to be none. */
  private static final long SYNC_EVERY_NANOS = 20_000_000;

  private static final int SYNC_BYTES = 4096;
  private static final long END_WITHIN_MILLIS = 5_000;

  private final Stalls scheduling = new Stalls("late wake-up of a 1 ms wait");
  private final Stalls syncing = new Stalls("write and sync of 4 KiB");
  private final Path file;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  private Calibration(Path file) {
    this.file = file;
  }

  /** Starts to measure; {@code folder} is on the disk of the servers and of the daemon. */
  public static Calibration in(Path folder) throws IOException {
    Calibration calibration = new Calibration(Files.createTempFile(folder, "calibration", ".tmp"));
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      calibration.start("calibrate-schedule-" + i, calibration::watchSchedule);
    }
    calibration.start("calibrate-sync", calibration::watchSync);
    return calibration;
  }

  private void start(String name, Runnable work) {
    threads.add(Thread.ofPlatform().daemon().name(name).start(work));
  }

  private void watchSchedule() {
    while (!closed) {
      long before = System.nanoTime();
      LockSupport.parkNanos(TICK_NANOS);
      scheduling.note(Math.max(0, System.nanoTime() - before - TICK_NANOS) / 1e6);
    }
  }

  private void watchSync() {
    ByteBuffer block = ByteBuffer.allocateDirect(SYNC_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      while (!closed) {
        long before = System.nanoTime();
        block.clear();
        channel.write(block, 0);
        channel.force(false);
        syncing.note((System.nanoTime() - before) / 1e6);
        LockSupport.parkNanos(SYNC_EVERY_NANOS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot calibrate in " + file, e);
    }
  }

  public void begin() {
    scheduling.begin();
    syncing.begin();
  }

  public void end() throws InterruptedException {
    scheduling.end(END_WITHIN_MILLIS);
    syncing.end(END_WITHIN_MILLIS);
  }

  public boolean busy() {
    return scheduling.worst().percentile(95) >= BUSY_FROM_MILLIS
        || syncing.worst().percentile(95) >= BUSY_FROM_MILLIS;
  }

  public Report.Section section() {
    String verdict = busy() ? "too busy" : "quiet enough";
    return new Report.Section(
        "Calibration during the rounds, in ms: the machine was "
            + verdict
            + " (too busy: p95 of the rounds' worst stalls >= "
            + Figures.number(BUSY_FROM_MILLIS)
            + ")",
        List.of("measured", "median", "p99", "max", "worst of a round: median", "p95"),
        List.of(row(scheduling), row(syncing)));
  }

  private static List<String> row(Stalls stalls) {
    return List.of(
        stalls.name(),
        Figures.number(stalls.all().median()),
        Figures.number(stalls.all().percentile(99)),
        Figures.number(stalls.all().max()),
        Figures.number(stalls.worst().median()),
        Figures.number(stalls.worst().percentile(95)));
  }

  public ObjectNode json() {
    ObjectNode node = Json.object();
    node.put("busy", busy());
    node.put("wake_up_ms_p99", Figures.rounded(scheduling.all().percentile(99)));
    node.put("wake_up_ms_worst_p95", Figures.rounded(scheduling.worst().percentile(95)));
    node.put("sync_ms_median", Figures.rounded(syncing.all().median()));
    node.put("sync_ms_worst_p95", Figures.rounded(syncing.worst().percentile(95)));
    return node;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
      try {
        thread.join(END_WITHIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    Files.deleteIfExists(file);
  }
}
