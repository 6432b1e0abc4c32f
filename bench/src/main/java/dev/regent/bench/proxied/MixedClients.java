package dev.regent.bench.proxied;

import dev.regent.bench.proxied.MixedClient.End;
import dev.regent.bench.proxied.MixedClient.Kind;
import dev.regent.bench.proxied.MixedClient.Piece;
import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.LabServer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Clients of the listener, of every kind, and what became of their work. */
final class MixedClients implements AutoCloseable {
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicBoolean resting = new AtomicBoolean();
  private final List<MixedClient> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private MixedClients() {}

  /**
   * So many, a third of each kind.
   *
   * @param firstRow and all above it are theirs
   */
  static MixedClients start(int count, int port, Accounts.Account app, long firstRow) {
    Properties login = new Properties();
    login.setProperty("user", app.user());
    login.setProperty("password", app.password());
    login.setProperty("sslMode", "disable");
    MixedClients all = new MixedClients();
    AtomicLong rows = new AtomicLong(firstRow);
    Kind[] kinds = Kind.values();
    for (int i = 0; i < count; i++) {
      MixedClient client =
          new MixedClient(
              100 + i,
              kinds[i % kinds.length],
              "jdbc:mariadb://127.0.0.1:" + port + "/shop",
              login,
              rows,
              all.stopped::get,
              all.resting::get);
      all.clients.add(client);
      all.threads.add(Thread.ofVirtual().name("mixed-" + i).start(client));
    }
    return all;
  }

  /** They begin nothing more for the time being. */
  void rest() {
    resting.set(true);
  }

  void goOn() {
    resting.set(false);
  }

  /** Ends them, and tells all that they did. */
  List<Piece> stop() throws InterruptedException {
    stopped.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    return clients.stream().flatMap(c -> c.pieces().stream()).toList();
  }

  /** They end by themselves then, soon. */
  @Override
  public void close() {
    stopped.set(true);
  }

  /** What they waited for; they have ended. */
  Pauses pauses() {
    return new Pauses(clients.stream().flatMap(c -> c.calls().stream()).toList());
  }

  /** How often each error was told, by kind of client. */
  static Map<String, Integer> errors(List<Piece> pieces) {
    Map<String, Integer> errors = new TreeMap<>();
    pieces.stream()
        .filter(p -> p.end() != End.DONE)
        .forEach(p -> errors.merge(p.kind() + " " + p.end() + ": " + p.error(), 1, Integer::sum));
    return errors;
  }

  static long count(List<Piece> pieces, End end) {
    return pieces.stream().filter(p -> p.end() == end).count();
  }

  /** Acknowledged rows that a server does not have. */
  static long lost(List<Piece> pieces, LabServer server, long firstRow) {
    Set<String> there = new HashSet<>();
    server
        .rows("SELECT id FROM shop.orders WHERE id >= " + firstRow)
        .forEach(row -> there.addAll(row.values()));
    long lost = 0;
    for (Piece piece : pieces) {
      for (int i = 0; i < piece.count() && piece.end() == End.DONE; i++) {
        lost += there.contains("" + (piece.row() + i)) ? 0 : 1;
      }
    }
    return lost;
  }
}
