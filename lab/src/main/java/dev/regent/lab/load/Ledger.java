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

  /** How many writes of each client were reported as news. */
  private final int[] known;

  private final Proxied proxied;

  private Ledger(LedgerOptions options, Supplier<Optional<Endpoint>> primary, Proxied proxied) {
    this.options = options;
    this.proxied = proxied;
    this.known = new int[options.clients()];
    int direct = options.clients() - proxied.clients();
    for (int i = 0; i < options.clients(); i++) {
      int number = options.firstClient() + i;
      clients.add(
          i < direct
              ? new LedgerClient(number, options, primary, new DirectHand(options))
              : behind(proxied.port(i - direct), number));
    }
  }

  private LedgerClient behind(Endpoint port, int number) {
    Optional<Endpoint> always = Optional.of(port);
    return new LedgerClient(number, options, () -> always, new ProxiedHand(options));
  }

  /** Starts the clients; they write until {@link #stop} or {@link #close}. */
  public static Ledger start(LedgerOptions options, Supplier<Optional<Endpoint>> primary) {
    return start(options, primary, Proxied.NONE);
  }

  /** The same; some of the clients know the proxy only. */
  public static Ledger start(
      LedgerOptions options, Supplier<Optional<Endpoint>> primary, Proxied proxied) {
    Ledger ledger = new Ledger(options, primary, proxied);
    for (LedgerClient client : ledger.clients) {
      ledger.threads.add(Thread.ofVirtual().name("ledger").start(client));
    }
    return ledger;
  }

  /** What has been answered so far; writes under way are not in it. */
  public LedgerReport report() {
    return report(clients.stream().flatMap(client -> client.writes().stream()).toList());
  }

  /** What has been answered since this was asked last. One thread at a time may ask. */
  public LedgerReport reportNews() {
    List<Write> news = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      List<Write> writes = clients.get(i).writesAfter(known[i]);
      known[i] += writes.size();
      news.addAll(writes);
    }
    return report(news);
  }

  private LedgerReport report(List<Write> writes) {
    List<Write> ordered =
        writes.stream().sorted(Comparator.comparingLong(Write::endedNanos)).toList();
    return new LedgerReport(options.firstClient(), options.clients(), ordered);
  }

  /**
   * Lets every client finish the write it is at and begin no other until {@link #resume}.
   *
   * @return how many are still at one, after all the time that an answer may take
   */
  public int pause() {
    long end = System.nanoTime() + patience().toNanos();
    int busy = 0;
    for (LedgerClient client : clients) {
      busy += client.pause(Duration.ofNanos(end - System.nanoTime())) ? 0 : 1;
    }
    return busy;
  }

  public void resume() {
    clients.forEach(LedgerClient::resume);
  }

  private Duration patience() {
    Duration answer = proxied.clients() > 0 ? Told.PATIENCE : options.answerTimeout();
    return options.connectTimeout().plus(answer).plusSeconds(1);
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
    long end = System.nanoTime() + patience().toNanos();
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
