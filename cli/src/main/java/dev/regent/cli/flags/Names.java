package dev.regent.cli.flags;

import dev.regent.core.model.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether two addresses that are written differently are the same, by name look-up. Asked only
 * where texts differ, because the name server may be down with the primary.
 */
public final class Names {
  private static final Duration LOOKUP_MAX = Duration.ofSeconds(2);

  private final Map<String, Set<String>> known = new ConcurrentHashMap<>();

  public boolean same(Endpoint one, Endpoint other) {
    if (one.port() != other.port()) {
      return false;
    }
    if (one.host().equalsIgnoreCase(other.host())) {
      return true;
    }
    Set<String> addresses = addresses(one.host());
    return addresses(other.host()).stream().anyMatch(addresses::contains);
  }

  private Set<String> addresses(String host) {
    return known.computeIfAbsent(host, Names::lookUp);
  }

  private static Set<String> lookUp(String host) {
    CompletableFuture<Set<String>> answer = new CompletableFuture<>();
    Thread.ofVirtual().name("name-" + host).start(() -> answer.complete(resolve(host)));
    try {
      return answer.get(LOOKUP_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Set.of();
    } catch (TimeoutException | ExecutionException e) {
      return Set.of();
    }
  }

  private static Set<String> resolve(String host) {
    try {
      Set<String> all = ConcurrentHashMap.newKeySet();
      for (InetAddress address : InetAddress.getAllByName(host)) {
        all.add(address.getHostAddress());
      }
      return all;
    } catch (UnknownHostException e) {
      return Set.of();
    }
  }
}
