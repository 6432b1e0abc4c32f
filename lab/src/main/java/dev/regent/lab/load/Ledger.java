package dev.regent.lab.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Clients that write rows to the current primary and keep account of every answer, so that after a
 * failover one can tell how long nothing was acknowledged and whether anything acknowledged is
 * missing.
 *
 * <p>The primary is asked for before each write, by every client: the supplier must be quick and
 * safe for threads. While it has no answer the clients wait.
 */
public final class Ledger implements AutoCloseable {
  private final LedgerOptions options;
  private final List<LedgerClient> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private Ledger(LedgerOptions options, Supplier<Optional<Endpoint>> primary) {
    this.options = options;
    for (int i = 0; i < options.clients(); i++) {
      clients.add(new LedgerClient(options.firstClient() + i, options, primary));
    }
  }

  /** Starts the clients; they write until {@link #stop} or {@link #close}. */
  public static Ledger start(LedgerOptions options, Supplier<Optional<Endpoint>> primary) {
    Ledger ledger = new Ledger(options, primary);
    for (LedgerClient client : ledger.clients) {
      ledger.threads.add(Thread.ofVirtual().name("ledger").start(client));
    }
    return ledger;
  }

  /** What has been answered so far; writes under way are not in it. */
  public LedgerReport report() {
    List<Write> all = new ArrayList<>();
    clients.forEach(client -> all.addAll(client.writes()));
    all.sort(Comparator.comparingLong(Write::endedNanos));
    return new LedgerReport(options.firstClient(), options.clients(), all);
  }

  /**
   * Lets every client finish the write it is at (at most a connect and an answer timeout), then
   * reports.
   */
  public LedgerReport stop() {
    close();
    return report();
  }

  @Override
  public void close() {
    clients.forEach(LedgerClient::stop);
    Duration limit = options.connectTimeout().plus(options.answerTimeout()).plusSeconds(1);
    long end = System.nanoTime() + limit.toNanos();
    for (Thread thread : threads) {
      try {
        thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
