package dev.regent.lab.daemon;

import dev.regent.lab.cluster.LabServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a daemon watches a lab cluster.
 *
 * @param profile safe, available or async
 * @param addresses where the manager reaches a server, if not directly: a relay's {@code host:port}
 * @param lines further lines of the configuration, by section, e.g. {@code "detect" -> "silence =
 *     \"1s\""}
 * @param listeners of its proxy: the lines of each
 * @param launched with the launcher's options of the virtual machine: what is measured must be what
 *     people run. Otherwise it compiles as a test wants it, soon and not well.
 */
public record DaemonOptions(
    String profile,
    Map<String, String> addresses,
    Map<String, List<String>> lines,
    List<List<String>> listeners,
    boolean launched) {

  public static DaemonOptions of(String profile) {
    return new DaemonOptions(profile, Map.of(), Map.of(), List.of(), false);
  }

  /** The manager's own path to this server leads through another address. */
  public DaemonOptions through(LabServer server, String address) {
    Map<String, String> all = new LinkedHashMap<>(addresses);
    all.put(server.name(), address);
    return new DaemonOptions(profile, all, lines, listeners, launched);
  }

  /** Started as {@code ./regent run} starts it. */
  public DaemonOptions asLaunched() {
    return new DaemonOptions(profile, addresses, lines, listeners, true);
  }

  public DaemonOptions with(String section, String line) {
    Map<String, List<String>> all = new LinkedHashMap<>(lines);
    List<String> of = new ArrayList<>(all.getOrDefault(section, List.of()));
    of.add(line);
    all.put(section, of);
    return new DaemonOptions(profile, addresses, all, listeners, launched);
  }

  /** One more port of its proxy. */
  public DaemonOptions withListener(String... its) {
    List<List<String>> all = new ArrayList<>(listeners);
    all.add(List.of(its));
    return new DaemonOptions(profile, addresses, lines, all, launched);
  }

  Optional<String> address(LabServer server) {
    return Optional.ofNullable(addresses.get(server.name()));
  }
}
