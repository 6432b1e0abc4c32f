package dev.regent.proxy.seen;

import dev.regent.proxy.wire.Err;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a proxy has done since it began. Cheap enough for every statement, and for any thread. Names
 * and labels are those of a Prometheus exposition.
 */
public final class Counters {
  private static final List<Duration> HOLDS = millis(10, 50, 100, 250, 500, 1000, 5000, 30_000);
  private static final List<Duration> SUSPICIONS = millis(0.1, 0.25, 0.5, 1, 5, 25, 100, 1000);

  /** What is counted, each by its label. */
  public enum Name {
    CONNECTIONS("regent_proxy_connections_total", "listener"),
    /** By both: see {@link #refused}. */
    REFUSED("regent_proxy_connections_refused_total", "listener,reason"),
    LINKS("regent_proxy_server_links_total", "server"),
    LINKS_LOST("regent_proxy_server_links_lost_total", "server"),
    PARKED("regent_proxy_server_links_parked_total", "server"),
    REUSED("regent_proxy_server_links_reused_total", "server"),
    /** Closed since no other session was to have it, or none wanted it. */
    GIVEN_UP("regent_proxy_server_links_given_up_total", "server,reason"),
    SERVER_STATEMENTS("regent_proxy_server_statements_total", "server"),
    STATEMENTS("regent_proxy_statements_total", "class"),
    REPEATED("regent_proxy_statements_repeated_total", "reason"),
    REPORTS("regent_proxy_reports_total", "report"),
    NOT_REPEATED("regent_proxy_transactions_not_repeated_total", "reason"),
    DECIDED("regent_proxy_commits_decided_total", "outcome"),
    CANNOT_MOVE("regent_proxy_cannot_move_total", "reason");

    private final String words;
    private final String label;
    private static final int LABELS_MAX = 100;

    Name(String words, String label) {
      this.words = words;
      this.label = label;
    }
  }

  /**
   * @param label empty text if the name is all; several, and what they are, with commas between
   * @param value seconds, where the name says so
   */
  public record Reading(String name, String label, String of, double value) {}

  private final Map<Name, Map<String, LongAdder>> counts = new ConcurrentHashMap<>();
  private final Times holds = new Times("regent_proxy_hold_seconds", HOLDS);
  private final Times suspicions = new Times("regent_suspicion_seconds", SUSPICIONS);

  public Counters() {
    for (Name name : Name.values()) {
      counts.put(name, new ConcurrentHashMap<>());
    }
  }

  public void count(Name name, String of) {
    Map<String, LongAdder> labels = counts.get(name);
    if (labels == null) {
      return;
    }
    LongAdder adder = labels.get(of);
    if (adder == null) {
      // Reasons may be many; names of servers and listeners are few.
      String known = labels.size() < Name.LABELS_MAX ? of : "other";
      adder = labels.computeIfAbsent(known, label -> new LongAdder());
    }
    adder.increment();
  }

  /** A client was not let in. */
  public void refused(String listener, Refusal why) {
    count(Name.REFUSED, listener + "," + why.words());
  }

  /** A statement, or a login, waited for so long. */
  public void held(Duration time) {
    holds.took(time);
  }

  /** So long after a connection to a server was lost, the manager takes its look at the server. */
  public void suspected(Duration after) {
    suspicions.took(after);
  }

  /** A client is told of trouble; only what the proxy says by itself is counted. */
  public void said(Err err) {
    switch (err.code() + " " + err.state()) {
      case "1213 40001" -> {
        count(Name.REPORTS, "rolled back");
        count(Name.NOT_REPEATED, between(err, "repeated because "));
      }
      case "2013 08007" -> count(Name.REPORTS, "unknown outcome");
      case "2013 08S01" -> count(Name.REPORTS, "lost result");
      case "1927 08S01" -> {
        count(Name.REPORTS, "cannot move");
        count(Name.CANNOT_MOVE, between(err, "because of "));
      }
      case "1836 HY000" -> count(Name.REPORTS, "hold over");
      default -> {}
    }
  }

  /** The reason that our own messages give. */
  private static String between(Err err, String before) {
    int from = err.message().indexOf(before);
    int to = err.message().indexOf(" (Regent)", from);
    return from < 0 || to < 0 ? "other" : err.message().substring(from + before.length(), to);
  }

  /** All of them, in the order of their names and labels. */
  public List<Reading> read() {
    List<Reading> readings = new ArrayList<>();
    for (Name name : Name.values()) {
      new TreeMap<>(counts.getOrDefault(name, Map.of()))
          .forEach(
              (of, adder) -> readings.add(new Reading(name.words, name.label, of, adder.sum())));
    }
    readings.addAll(holds.read());
    readings.addAll(suspicions.read());
    return readings;
  }

  private static List<Duration> millis(double... bounds) {
    return Arrays.stream(bounds).mapToObj(ms -> Duration.ofNanos((long) (ms * 1e6))).toList();
  }
}
