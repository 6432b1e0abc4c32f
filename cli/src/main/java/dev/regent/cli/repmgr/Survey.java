package dev.regent.cli.repmgr;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Observation.Kind;
import dev.regent.core.model.ServerId;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.observe.Glance;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Looks at all servers at once. Names that cannot be looked up hold up nobody: whoever has not
 * answered at the deadline counts as silent.
 */
final class Survey {
  /** A primary that is named as lost gets no more than this once all others have answered. */
  private static final Duration LOST = Duration.ofMillis(500);

  /** Since the last one that answered; whoever comes later takes part in what follows anyway. */
  private static final Duration LATE = Duration.ofMillis(1500);

  private static final Duration GRACE = Duration.ofMillis(250);

  private final Map<ServerId, Dialer> dialers;
  private final String cluster;
  private final Duration answer;

  Survey(Map<ServerId, Dialer> dialers, String cluster, Duration answer) {
    this.dialers = new LinkedHashMap<>(dialers);
    this.cluster = cluster;
    this.answer = answer;
  }

  /** The replicas that this primary names; those that report no host cannot be named by it. */
  List<Endpoint> replicas(Endpoint primary) throws LinkException {
    Deadline deadline = Deadline.after(answer);
    try (Link link = dialer(primary).dial(deadline)) {
      return link.read("SHOW SLAVE HOSTS", deadline, Survey::reported);
    }
  }

  private static List<Endpoint> reported(ResultSet rows) throws SQLException {
    List<Endpoint> replicas = new ArrayList<>();
    while (rows.next()) {
      String host = rows.getString("Host");
      int port = rows.getInt("Port");
      if (!host.isEmpty() && port > 0) {
        replicas.add(new Endpoint(host, port));
      }
    }
    return replicas;
  }

  /** In the order of the servers; {@code lost} names the one that is not waited for. */
  List<Look> of(List<Endpoint> servers, Predicate<Endpoint> lost) throws InterruptedException {
    Deadline deadline = Deadline.after(answer);
    BlockingQueue<Look> arrived = new LinkedBlockingQueue<>();
    servers.forEach(s -> start(s, deadline, arrived));
    Map<Endpoint, Look> looks = new LinkedHashMap<>();
    while (looks.size() < servers.size()) {
      boolean others = servers.stream().allMatch(s -> lost.test(s) || looks.containsKey(s));
      boolean some = looks.values().stream().anyMatch(Look::answers);
      Duration patience = others ? LOST : some ? LATE : answer;
      Duration left = deadline.left().plus(GRACE);
      long millis = Math.min(patience.toMillis(), left.toMillis());
      Look next = arrived.poll(millis, TimeUnit.MILLISECONDS);
      if (next == null) {
        break;
      }
      looks.put(next.address(), next);
    }
    return servers.stream().map(s -> looks.getOrDefault(s, silent(s))).toList();
  }

  private static Look silent(Endpoint server) {
    return Look.missed(server, Kind.TIMEOUT, server + ": no answer in time");
  }

  private void start(Endpoint server, Deadline deadline, BlockingQueue<Look> arrived) {
    Thread.ofVirtual()
        .name("look-" + server)
        .start(() -> {
          try {
            arrived.add(at(server, deadline));
          } catch (RuntimeException e) {
            arrived.add(Look.missed(server, Kind.PROTOCOL, server + ": " + e));
          }
        });
  }

  private Dialer dialer(Endpoint server) {
    Dialer dialer = dialers.get(new ServerId(server.toString()));
    if (dialer == null) {
      throw new IllegalArgumentException("no dialer for " + server);
    }
    return dialer;
  }

  private Look at(Endpoint server, Deadline deadline) {
    try (Link link = dialer(server).dial(deadline)) {
      return Look.seen(server, Glance.at(link, cluster, deadline));
    } catch (LinkException e) {
      return Look.missed(server, e.kind(), String.valueOf(e.getMessage()));
    }
  }
}
