package dev.regent.server.migrate;

import dev.regent.core.model.Endpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Reads a {@code config.toml} of replication-manager, from release 0.7 on: one cluster's section,
 * under what {@code [default]} says for all.
 */
final class ManagerImport {
  private static final String DEFAULT = "default";
  private static final String ENCRYPTED = "hash_";
  private static final int FAILOVERS_MAX = 100;

  /** Regent's name of a setting, and theirs, the newest first. */
  private static final List<String> HOSTS = List.of("db-servers-hosts", "hosts");

  private static final List<String> ADMIN = List.of("db-servers-credential", "user");
  private static final List<String> REPLICATION = List.of("replication-credential", "rpluser");
  private static final List<String> PREFERRED = List.of("db-servers-prefered-master", "prefmaster");
  private static final List<String> IGNORED = List.of("db-servers-ignored-hosts", "ignore-servers");

  /** A value with its place. */
  private record Value(int line, String text) {}

  /** A table of the file; the keys above all tables have the name of the defaults. */
  private record Part(String name, int line, Map<String, Value> values) {}

  private final List<Part> parts = new ArrayList<>();
  private final String wanted;
  private final Draft draft = new Draft("replication-manager");
  private final Set<String> carried = new LinkedHashSet<>();

  ManagerImport(TomlParseResult toml, String wanted) {
    this.wanted = wanted;
    toml.errors()
        .forEach(
            e -> draft.mistake(e.position().line(), "this is not TOML", "mend it there first"));
    parts.add(part(DEFAULT, 0, toml));
    for (String key : toml.keySet()) {
      if (toml.get(List.of(key)) instanceof TomlTable table) {
        parts.add(part(key.toLowerCase(Locale.ROOT), line(toml, key), table));
      }
    }
  }

  private static Part part(String name, int line, TomlTable table) {
    Map<String, Value> values = new LinkedHashMap<>();
    for (String key : table.keySet()) {
      Object value = table.get(List.of(key));
      if (value != null && !(value instanceof TomlTable)) {
        values.put(key.toLowerCase(Locale.ROOT), new Value(line(table, key), value.toString()));
      }
    }
    return new Part(name, line, values);
  }

  private static int line(TomlTable table, String key) {
    TomlPosition position = table.inputPositionOf(List.of(key));
    return position == null ? 0 : position.line();
  }

  /** Whether it is such a file at all. */
  static boolean recognises(TomlParseResult toml) {
    return Stream.of(HOSTS, ADMIN, REPLICATION)
        .flatMap(List::stream)
        .anyMatch(key ->
            toml.contains(List.of(key))
                || toml.keySet().stream()
                    .anyMatch(s ->
                        toml.get(List.of(s)) instanceof TomlTable table
                            && table.contains(List.of(key))));
  }

  Draft read() {
    cluster().ifPresent(this::read);
    return draft;
  }

  /** The only one that has hosts, unless it was named. */
  private Optional<Part> cluster() {
    List<Part> all =
        parts.stream().filter(p -> HOSTS.stream().anyMatch(p.values()::containsKey)).toList();
    String names = all.stream().map(Part::name).distinct().collect(Collectors.joining(", "));
    if (!wanted.isEmpty()) {
      Optional<Part> found = all.stream().filter(p -> p.name().equals(wanted)).findFirst();
      if (found.isEmpty()) {
        draft.mistake(0, "there is no cluster " + wanted + " with hosts", "name one of: " + names);
      }
      return found;
    }
    List<Part> own = all.stream().filter(p -> !p.name().equals(DEFAULT)).toList();
    List<Part> those = own.isEmpty() ? all : own;
    if (those.size() != 1) {
      draft.mistake(
          0,
          those.isEmpty() ? "no section has hosts" : "there are several clusters: " + names,
          those.isEmpty()
              ? "add db-servers-hosts to the cluster's section"
              : "say which one with --cluster, and import each to a file of its own");
      return Optional.empty();
    }
    return Optional.of(those.getFirst());
  }

  private void read(Part cluster) {
    draft.text("cluster", "name", Names.name(cluster.name()));
    draft.comment("cluster", "The plainest one; \"safe\" and \"available\" manage semi-sync.");
    draft.text("cluster", "profile", "async");
    servers(cluster);
    login(cluster, "admin", ADMIN);
    login(cluster, "replication", REPLICATION);
    draft.comment("tls", "Better: \"verify\", the default, where the servers have certificates.");
    draft.text("tls", "mode", "off");
    if (flag(cluster, "replication-use-ssl", false)) {
      draft.text("replication", "tls", "trust");
    }
    String mode = take(cluster, List.of("failover-mode")).map(Value::text).orElse("manual");
    draft.flag("failover", "automatic", mode.toLowerCase(Locale.ROOT).startsWith("auto"));
    draft.flag("rejoin", "automatic", flag(cluster, "autorejoin", true));
    limits(cluster);
    leftovers(cluster);
  }

  private void servers(Part cluster) {
    List<Endpoint> preferred = endpoints(cluster, PREFERRED);
    List<Endpoint> ignored = endpoints(cluster, IGNORED);
    List<Endpoint> all = endpoints(cluster, HOSTS);
    for (Endpoint server : all) {
      boolean alone = all.stream().filter(e -> e.host().equals(server.host())).count() == 1;
      String name = Names.name(alone ? server.host() : server.host() + "-" + server.port());
      String preference =
          ignored.contains(server) ? "never" : preferred.contains(server) ? "prefer" : "";
      draft.server(name, server, server, preference);
    }
  }

  private List<Endpoint> endpoints(Part cluster, List<String> keys) {
    Optional<Value> value = take(cluster, keys);
    List<Endpoint> endpoints = new ArrayList<>();
    value.ifPresent(v ->
        Arrays.stream(v.text().split(","))
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .forEach(text ->
                Names.endpoint(text)
                    .ifPresentOrElse(
                        endpoints::add,
                        () ->
                            draft.mistake(
                                v.line(),
                                "\"" + text + "\" is no address",
                                "write host:port, or [address]:port"))));
    return endpoints;
  }

  private void login(Part cluster, String role, List<String> keys) {
    Optional<Value> value = take(cluster, keys);
    String text = value.map(Value::text).orElse("");
    int colon = text.indexOf(':');
    if (colon < 1 || colon == text.length() - 1) {
      draft.mistake(
          value.map(Value::line).orElse(cluster.line()),
          keys.getFirst() + (value.isEmpty() ? " is missing" : " is no user:password"),
          "write " + keys.getFirst() + " = \"user:password\"");
      return;
    }
    String user = text.substring(0, colon);
    String password = text.substring(colon + 1);
    if (!password.startsWith(ENCRYPTED)) {
      draft.login(role, user, password);
      return;
    }
    draft.loginUnread(role, user);
    draft.leftover(
        value.map(Value::line).orElse(0),
        keys.getFirst(),
        "its password is encrypted with replication-manager's key; write the password itself into "
            + role
            + ".password");
  }

  private void limits(Part cluster) {
    seconds(cluster, "failover-max-slave-delay", "failover", "lag_bound", 1);
    seconds(cluster, "maxdelay", "failover", "lag_bound", 1);
    seconds(cluster, "failover-time-limit", "flapping", "cool_down", 1);
    seconds(cluster, "switchover-wait-trx", "switchover", "long_transaction", 1);
    Optional<Long> limit = whole(cluster, "failover-limit");
    limit
        .filter(n -> n >= 1 && n <= FAILOVERS_MAX)
        .ifPresent(n -> {
          draft.comment("flapping", "There per run of the manager, here per window (1h).");
          draft.number("flapping", "limit", n);
        });
  }

  private void seconds(Part cluster, String key, String section, String ours, long least) {
    whole(cluster, key).filter(n -> n >= least).ifPresent(n -> draft.text(section, ours, n + "s"));
  }

  private Optional<Long> whole(Part cluster, String key) {
    Optional<Value> value = take(cluster, List.of(key));
    if (value.isPresent() && !value.get().text().matches("-?\\d{1,9}")) {
      draft.mistake(value.get().line(), key + " is no whole number", "write " + key + " = 30");
      return Optional.empty();
    }
    return value.map(v -> Long.parseLong(v.text()));
  }

  private boolean flag(Part cluster, String key, boolean otherwise) {
    Optional<Value> value = take(cluster, List.of(key));
    Optional<Boolean> flag = value.flatMap(v -> Names.flag(v.text()));
    if (value.isPresent() && flag.isEmpty()) {
      draft.mistake(value.get().line(), key + " is no truth", "write true or false");
    }
    return flag.orElse(otherwise);
  }

  /** The cluster's own, else the one for all; the first key that is there. */
  private Optional<Value> take(Part cluster, List<String> keys) {
    for (String key : keys) {
      List<Part> places = new ArrayList<>(List.of(cluster));
      parts.stream().filter(p -> p.name().equals(DEFAULT)).forEach(places::add);
      Optional<Value> found =
          places.stream()
              .flatMap(p -> Optional.ofNullable(p.values().get(key)).stream())
              .findFirst();
      if (found.isPresent() && !found.get().text().isBlank()) {
        carried.add(key);
        return found;
      }
    }
    return Optional.empty();
  }

  private void leftovers(Part cluster) {
    for (Part part : parts) {
      boolean ours = part.name().equals(cluster.name()) || part.name().equals(DEFAULT);
      part.values()
          .forEach((key, value) -> {
            if (!ours) {
              draft.leftover(
                  value.line(), "[" + part.name() + "] " + key, "it belongs to another cluster");
            } else if (!carried.contains(key)) {
              draft.leftover(value.line(), key, ManagerReasons.of(key));
            }
          });
    }
  }
}
