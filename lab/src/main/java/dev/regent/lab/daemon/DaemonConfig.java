package dev.regent.lab.daemon;

import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.LabFolders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the {@code regent.toml} of a lab cluster, mode 0600. */
public final class DaemonConfig {
  private DaemonConfig() {}

  /** Everything the daemon writes lies beside it. */
  public static ManagerPlace write(LabCluster cluster, DaemonOptions options) {
    ManagerPlace place = ManagerPlace.in(cluster.folder(), cluster.options().name());
    try {
      LabFolders.createPrivate(place.folder());
      LabFolders.writePrivate(place.config(), text(cluster, options, place));
    } catch (IOException e) {
      throw new LabException("Cannot write %s: %s".formatted(place.config(), e), e);
    }
    return place;
  }

  private static String text(LabCluster cluster, DaemonOptions options, ManagerPlace place) {
    Map<String, List<String>> sections = new TreeMap<>();
    add(sections, "cluster", "name = \"" + cluster.options().name() + "\"");
    add(sections, "cluster", "profile = \"" + options.profile() + "\"");
    add(sections, "credentials", "admin_user = \"" + cluster.accounts().regent().user() + "\"");
    add(
        sections,
        "credentials",
        "admin_password = \"" + cluster.accounts().regent().password() + "\"");
    add(sections, "credentials", "replication_user = \"" + cluster.accounts().repl().user() + "\"");
    add(
        sections,
        "credentials",
        "replication_password = \"" + cluster.accounts().repl().password() + "\"");
    encryption(cluster).forEach((section, lines) -> lines.forEach(l -> add(sections, section, l)));
    add(sections, "daemon", "state_dir = \"" + place.state() + "\"");
    add(sections, "daemon", "run_dir = \"" + place.run() + "\"");
    if (!options.launched()) {
      // It lives for one test, and tests run side by side.
      add(sections, "daemon", "rehearse = false");
    }
    options.lines().forEach((section, lines) -> lines.forEach(l -> add(sections, section, l)));
    StringBuilder text = new StringBuilder();
    sections.forEach((name, lines) ->
        text.append('[')
            .append(name)
            .append("]\n")
            .append(String.join("\n", lines))
            .append("\n\n"));
    cluster.servers().forEach(s -> text.append(server(s, options)));
    options
        .listeners()
        .forEach(l -> text.append("[[listener]]\n").append(String.join("\n", l)).append("\n\n"));
    return text.toString();
  }

  /** With TLS both sides verify the other against the cluster's own authority. */
  private static Map<String, List<String>> encryption(LabCluster cluster) {
    return cluster
        .primary()
        .tls()
        .map(files -> files.authority())
        .map(ca ->
            Map.of(
                "tls", List.of("ca = \"" + ca + "\""),
                "replication", List.of("tls = \"verify\"", "tls_ca = \"" + ca + "\"")))
        .orElse(Map.of("tls", List.of("mode = \"off\""), "replication", List.of("tls = \"off\"")));
  }

  private static String server(LabServer server, DaemonOptions options) {
    String address = options.address(server).orElse(server.address());
    return """
    [[server]]
    name = "%s"
    address = "%s"
    replication_address = "%s"

    """
        .formatted(server.name(), address, server.address());
  }

  private static void add(Map<String, List<String>> sections, String section, String line) {
    sections.computeIfAbsent(section, s -> new ArrayList<>()).add(line);
  }
}
