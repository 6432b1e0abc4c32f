package dev.regent.server.migrate;

import dev.regent.core.model.Endpoint;
import dev.regent.server.migrate.Ini.Section;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a {@code maxscale.cnf}, from release 1.2 to 24: one monitor and its servers. */
final class MaxScaleImport {
  private static final List<String> MODULES = List.of("mariadbmon", "mysqlmon");

  private final Ini ini;
  private final String wanted;
  private final boolean plainPasswords;
  private final Draft draft = new Draft("MaxScale");

  /** Section to the keys of it that were carried over. */
  private final Map<String, Set<String>> carried = new LinkedHashMap<>();

  /** {@code wanted}: the monitor's name; empty if there is only one. */
  MaxScaleImport(Ini ini, String wanted, boolean plainPasswords) {
    this.ini = ini;
    this.wanted = wanted;
    this.plainPasswords = plainPasswords;
  }

  /** Whether it is such a file at all. */
  static boolean recognises(Ini ini) {
    return !ini.ofType("monitor").isEmpty() || !ini.ofType("server").isEmpty();
  }

  Draft read() {
    ini.mistakes().forEach(m -> draft.mistake(m.line(), m.what(), m.mend()));
    monitor().ifPresent(this::read);
    leftovers();
    return draft;
  }

  private Optional<Section> monitor() {
    List<Section> monitors = ini.ofType("monitor");
    String names = monitors.stream().map(Section::name).collect(Collectors.joining(", "));
    if (!wanted.isEmpty()) {
      Optional<Section> found =
          monitors.stream().filter(m -> m.name().equalsIgnoreCase(wanted)).findFirst();
      if (found.isEmpty()) {
        draft.mistake(0, "there is no monitor " + wanted, "name one of: " + names);
      }
      return found;
    }
    if (monitors.size() != 1) {
      draft.mistake(
          0,
          monitors.isEmpty() ? "there is no monitor" : "there are several monitors: " + names,
          monitors.isEmpty()
              ? "a section with type=monitor says which servers belong together"
              : "say which one with --cluster, and import each to a file of its own");
      return Optional.empty();
    }
    return Optional.of(monitors.getFirst());
  }

  private void read(Section monitor) {
    String module = take(monitor, "module").orElse("");
    if (!MODULES.contains(module)) {
      draft.mistake(
          monitor.line("module"),
          "[" + monitor.name() + "] module is \"" + module + "\"",
          "only " + String.join(" and ", MODULES) + " watch a primary and its replicas");
    }
    take(monitor, "type");
    draft.text("cluster", "name", Names.name(monitor.name()));
    draft.comment("cluster", "MaxScale did not manage semi-sync, so neither does this profile.");
    draft.text("cluster", "profile", "async");
    List<Section> servers = servers(monitor);
    List<String> never = list(take(monitor, "servers_no_promotion").orElse(""));
    servers.forEach(s -> server(s, never));
    credentials(monitor);
    encryption(servers);
    boolean simple = isOn(monitor, "enforce_simple_topology");
    draft.flag("failover", "automatic", simple || failover(monitor));
    draft.flag("rejoin", "automatic", simple || flag(monitor, "auto_rejoin"));
    if (flag(monitor, "replication_master_ssl")) {
      draft.text("replication", "tls", "trust");
    }
  }

  private List<Section> servers(Section monitor) {
    List<String> names = list(take(monitor, "servers").orElse(""));
    if (names.isEmpty()) {
      draft.mistake(
          monitor.line(), "[" + monitor.name() + "] has no servers", "name them with servers=");
    }
    for (String name : names) {
      boolean known =
          ini.named(name).filter(s -> s.text("type").equalsIgnoreCase("server")).isPresent();
      if (!known) {
        draft.mistake(
            monitor.line("servers"),
            "[" + monitor.name() + "] names server " + name + ", and there is none",
            "add a section [" + name + "] with type=server, or take it out");
      }
    }
    return names.stream()
        .flatMap(n -> ini.named(n).stream())
        .filter(s -> s.text("type").equalsIgnoreCase("server"))
        .toList();
  }

  private void server(Section server, List<String> never) {
    take(server, "type");
    Optional<String> host = take(server, "address");
    String port = take(server, "port").orElse("");
    Optional<Endpoint> address = host.flatMap(h -> Names.endpoint(h, port));
    if (host.isEmpty()) {
      draft.mistake(
          server.line(),
          "[" + server.name() + "] has no address",
          "Regent reaches servers over TCP: add address= and port=");
      return;
    }
    if (address.isEmpty()) {
      draft.mistake(
          server.line("address"),
          "[" + server.name() + "] address and port are no address",
          "write a host and a port from 1 to 65535");
      return;
    }
    Endpoint inside =
        take(server, "private_address").flatMap(h -> Names.endpoint(h, port)).orElse(address.get());
    boolean unwanted = never.stream().anyMatch(n -> n.equalsIgnoreCase(server.name()));
    draft.server(Names.name(server.name()), address.get(), inside, unwanted ? "never" : "");
  }

  private void credentials(Section monitor) {
    String user = take(monitor, "user").orElse("");
    boolean found = take(monitor, "password").or(() -> take(monitor, "passwd")).isPresent();
    if (user.isEmpty() || !found) {
      draft.mistake(
          monitor.line(), "[" + monitor.name() + "] has no user or no password", "add both");
      return;
    }
    String passwordKey = monitor.find("password").isPresent() ? "password" : "passwd";
    login("admin", user, monitor, passwordKey);
    Optional<String> replicationUser = take(monitor, "replication_user");
    boolean own = take(monitor, "replication_password").isPresent();
    login(
        "replication",
        replicationUser.orElse(user),
        monitor,
        own ? "replication_password" : passwordKey);
  }

  private void login(String role, String user, Section monitor, String key) {
    String password = monitor.text(key);
    if (plainPasswords || !Names.looksEncrypted(password)) {
      draft.login(role, user, password);
      return;
    }
    draft.loginUnread(role, user);
    draft.leftover(
        monitor.line(key),
        "[" + monitor.name() + "] " + key,
        "it is encrypted with MaxScale's .secrets; write the password itself into "
            + role
            + ".password (maxpasswd -d shows it). If it is the password as it stands, import with"
            + " --plain-passwords");
  }

  /** Regent encrypts to all servers alike. */
  private void encryption(List<Section> servers) {
    List<Section> encrypted = servers.stream().filter(s -> isOn(s, "ssl")).toList();
    servers.forEach(s -> take(s, "ssl"));
    if (!encrypted.isEmpty() && encrypted.size() < servers.size()) {
      draft.mistake(
          encrypted.getFirst().line("ssl"),
          "some servers have ssl and some have not",
          "Regent encrypts to all of them or to none: make them equal");
      return;
    }
    if (encrypted.isEmpty()) {
      draft.comment("tls", "MaxScale did not encrypt. Better: \"verify\", the default.");
      draft.text("tls", "mode", "off");
      return;
    }
    Section first = encrypted.getFirst();
    boolean verified =
        encrypted.stream()
            .allMatch(
                s -> isOn(s, "ssl_verify_peer_certificate") && isOn(s, "ssl_verify_peer_host"));
    draft.text("tls", "mode", verified ? "verify" : "trust");
    if (verified) {
      encrypted.forEach(s -> take(s, "ssl_verify_peer_certificate"));
      encrypted.forEach(s -> take(s, "ssl_verify_peer_host"));
      Optional<String> authority = take(first, "ssl_ca").or(() -> take(first, "ssl_ca_cert"));
      authority.ifPresent(ca -> draft.text("tls", "ca", ca));
    }
  }

  /** {@code safe} is a value of its own in the newest release. */
  private boolean failover(Section monitor) {
    return monitor.text("auto_failover").equalsIgnoreCase("safe")
        ? take(monitor, "auto_failover").isPresent()
        : flag(monitor, "auto_failover");
  }

  private boolean flag(Section section, String key) {
    Optional<String> text = take(section, key);
    Optional<Boolean> value = text.flatMap(Names::flag);
    if (text.isPresent() && value.isEmpty()) {
      draft.mistake(
          section.line(key),
          "[" + section.name() + "] " + key + " is \"" + text.get() + "\"",
          "write true or false");
    }
    return value.orElse(false);
  }

  private static boolean isOn(Section section, String key) {
    String text = section.text(key);
    return Names.flag(text).orElse(text.equalsIgnoreCase("required"));
  }

  private Optional<String> take(Section section, String key) {
    Optional<String> text = section.find(key).map(Ini.Value::text).filter(t -> !t.isBlank());
    if (text.isPresent()) {
      carried.computeIfAbsent(section.name(), _ -> new LinkedHashSet<>()).add(key);
    }
    return text;
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  private void leftovers() {
    for (Section section : ini.sections()) {
      Set<String> done = carried.getOrDefault(section.name(), Set.of());
      String type = section.text("type");
      boolean another =
          done.isEmpty() && (type.equalsIgnoreCase("server") || type.equalsIgnoreCase("monitor"));
      section
          .values()
          .forEach((key, value) -> {
            if (!done.contains(key)) {
              String why =
                  another ? "it belongs to another monitor" : MaxScaleReasons.of(type, key);
              draft.leftover(value.line(), "[" + section.name() + "] " + key, why);
            }
          });
    }
  }
}
