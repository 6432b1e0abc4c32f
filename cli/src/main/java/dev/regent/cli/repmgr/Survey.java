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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Looks at all servers at once. Names that cannot be looked up hold up nobody: whoever has not
 * answered at the deadline counts as silent.
 */
final class Survey {
  /** A primary that is named as lost gets no more than this once all others have answered. */
  private static final Duration LOST = Duration.ofMillis(500);

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
    Map<Endpoint, CompletableFuture<Look>> looks = new LinkedHashMap<>();
    servers.forEach(s -> looks.put(s, start(s, deadline)));
    for (Endpoint server : servers) {
      if (!lost.test(server)) {
        look(server, looks, deadline.left().plus(GRACE));
      }
    }
    List<Look> all = new ArrayList<>();
    for (Endpoint server : servers) {
      boolean named = lost.test(server);
      Duration left = deadline.left().plus(GRACE);
      all.add(look(server, looks, named && left.compareTo(LOST) > 0 ? LOST : left));
    }
    return all;
  }

  private static Look look(
      Endpoint server, Map<Endpoint, CompletableFuture<Look>> looks, Duration limit)
      throws InterruptedException {
    Look silent = Look.missed(server, Kind.TIMEOUT, server + ": no answer in time");
    CompletableFuture<Look> look =
        looks.getOrDefault(server, CompletableFuture.completedFuture(silent));
    try {
      return look.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return silent;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the look at " + server + " broke", e);
    }
  }

  private CompletableFuture<Look> start(Endpoint server, Deadline deadline) {
    CompletableFuture<Look> look = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("look-" + server)
        .start(() -> {
          try {
            look.complete(at(server, deadline));
          } catch (RuntimeException e) {
            look.completeExceptionally(e);
          }
        });
    return look;
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
