package dev.regent.server.config;

import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.ClusterSpec.Server;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the servers. */
final class ServersReader {
  /** Names go into SQL, file names and output columns. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

  private static final Pattern ADDRESS =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^:\\s\\[\\]/]+)):(\\d{1,5})");
  private static final int PORT_MAX = 65535;
  private static final int MYSQL_PORT = 3306;
  private static final long PRIORITY_MAX = 1_000_000;

  /** A server and where it stands in the file. */
  record Placed(Server server, Section section) {}

  private final Map<String, Integer> names = new LinkedHashMap<>();
  private final Map<Endpoint, Integer> addresses = new LinkedHashMap<>();
  private final Map<Endpoint, Integer> replicationAddresses = new LinkedHashMap<>();

  /** Those servers that have a name and an address; the others have a mistake. */
  List<Placed> read(List<Section> sections) {
    List<Placed> servers = new ArrayList<>();
    for (Section section : sections) {
      read(section).ifPresent(server -> servers.add(new Placed(server, section)));
    }
    return servers;
  }

  private Optional<Server> read(Section section) {
    Optional<String> name = section.required("name", "\"db1\"").filter(n -> rightName(section, n));
    name.ifPresent(n -> claimName(section, n));
    Optional<Endpoint> address =
        section.required("address", "\"db1.example.com:3306\"").flatMap(a -> endpoint(section, a));
    Optional<Endpoint> replication =
        section
            .text("replication_address")
            .flatMap(a -> endpoint(section, "replication_address", a));
    address.ifPresent(a -> claim(section, "address", a, addresses));
    replication.or(() -> address).ifPresent(a -> claimReplication(section, a));
    Preference preference = section.choice("preference", Preference.NEUTRAL);
    int priority = (int) section.whole("priority", 0, -PRIORITY_MAX, PRIORITY_MAX);
    String zone = section.text("zone").orElse("");
    boolean synchronous = section.flag("synchronous", true);
    if (name.isEmpty() || address.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Server(
            new ServerId(name.get()),
            address.get(),
            replication.orElse(address.get()),
            preference,
            priority,
            zone,
            synchronous));
  }

  /** For servers and clusters alike. */
  static boolean rightName(Section section, String name) {
    boolean right = NAME.matcher(name).matches();
    if (!right) {
      section.mistake(
          "name",
          "cannot be \"" + name + "\"",
          "use letters, digits, '.', '_' and '-', at most 64, a letter or digit first");
    }
    return right;
  }

  private void claimName(Section section, String name) {
    Integer first = names.putIfAbsent(name, section.line("name"));
    if (first != null) {
      section.mistake("name", "\"" + name + "\" is taken since line " + first, "name it otherwise");
    }
  }

  private static Optional<Endpoint> endpoint(Section section, String text) {
    return endpoint(section, "address", text);
  }

  private static Optional<Endpoint> endpoint(Section section, String key, String text) {
    Matcher matcher = ADDRESS.matcher(text);
    if (!matcher.matches()) {
      section.mistake(
          key,
          "must be host:port, not \"" + text + "\"",
          "write " + key + " = \"" + almost(text) + "\"");
      return Optional.empty();
    }
    int port = Integer.parseInt(matcher.group(3));
    if (port < 1 || port > PORT_MAX) {
      section.mistake(key, "has port " + port, "write a port from 1 to " + PORT_MAX);
      return Optional.empty();
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return Optional.of(new Endpoint(host, port));
  }

  private static String almost(String text) {
    String bare = text.strip().replaceAll("^\\w+://", "").replaceAll("[\\[\\]/]", "");
    boolean plain = bare.matches("[^:\\s]+");
    boolean version6 = bare.matches("[0-9A-Fa-f:.]+") && bare.indexOf(':') != bare.lastIndexOf(':');
    if (plain || version6) {
      return new Endpoint(bare, MYSQL_PORT).toString();
    }
    return ADDRESS.matcher(bare).matches() ? bare : "db1.example.com:" + MYSQL_PORT;
  }

  private static void claim(
      Section section, String key, Endpoint endpoint, Map<Endpoint, Integer> taken) {
    Integer first = taken.putIfAbsent(endpoint, section.line(key));
    if (first != null) {
      section.mistake(
          key,
          "\"" + endpoint + "\" is taken since line " + first,
          "every server has an address of its own");
    }
  }

  /** An address that was inherited and collides has already been told as an address. */
  private void claimReplication(Section section, Endpoint endpoint) {
    if (section.has("replication_address")) {
      claim(section, "replication_address", endpoint, replicationAddresses);
    } else {
      replicationAddresses.putIfAbsent(endpoint, section.line("address"));
    }
  }
}
