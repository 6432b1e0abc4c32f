package dev.regent.server.config;

import dev.regent.core.model.ClusterSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What two clusters of one daemon cannot both have. Each of their configurations may be without a
 * mistake of its own.
 */
public final class Clashes {
  private final List<Config> configs;
  private final List<String> found = new ArrayList<>();

  private Clashes(List<Config> configs) {
    this.configs = configs;
  }

  /** A sentence for each, with the file that it is about; empty if all may run together. */
  public static List<String> among(List<Config> configs) {
    Clashes clashes = new Clashes(configs);
    clashes.look("cluster", "give one another name", c -> Stream.of(c.spec().name()));
    clashes.look(
        "server",
        "one server belongs to one cluster",
        c -> c.spec().servers().stream().map(ClusterSpec.Server::address));
    clashes.look("state_dir", "give each a folder of its own", c -> Stream.of(c.folders().state()));
    clashes.look("audit_file", "give each a file of its own", c -> Stream.of(c.folders().audit()));
    clashes.look("port", "give each listener a port of its own", Clashes::ports);
    return clashes.found;
  }

  /** Whether a wildcard covers another address is known when it is bound, and told then. */
  private static Stream<String> ports(Config config) {
    Stream<String> listeners =
        config.front().stream()
            .flatMap(f -> f.listeners().stream())
            .map(l -> l.address() + ":" + l.port());
    return Stream.concat(
        listeners, config.maxadmin().stream().map(m -> m.address() + ":" + m.port()));
  }

  private void look(String what, String mend, Function<Config, Stream<?>> having) {
    Map<Object, Path> owners = new LinkedHashMap<>();
    for (Config config : configs) {
      for (Object value : having.apply(config).distinct().toList()) {
        Path owner = owners.putIfAbsent(value, config.file());
        if (owner != null) {
          found.add(
              config.file() + ": " + what + " " + value + " is in " + owner + " too; " + mend);
        }
      }
    }
  }
}
