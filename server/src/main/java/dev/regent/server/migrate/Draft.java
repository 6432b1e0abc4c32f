package dev.regent.server.migrate;

import dev.regent.core.model.Endpoint;
import dev.regent.server.config.Mistake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A {@code regent.toml} in the making, with what is left over and what is wrong. */
final class Draft {
  /** Stands for passwords that nobody could read, while the rest is checked. */
  private static final String PLACEHOLDER = "placeholder";

  private final String from;
  private final Map<String, List<String>> sections = new LinkedHashMap<>();
  private final List<String> servers = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();
  private final List<Leftover> leftovers = new ArrayList<>();
  private final List<Mistake> mistakes = new ArrayList<>();

  /** {@code from} is the other program's name. */
  Draft(String from) {
    this.from = from;
    for (String section : List.of("cluster", "credentials", "tls")) {
      sections.put(section, new ArrayList<>());
    }
  }

  String from() {
    return from;
  }

  void text(String section, String key, String value) {
    line(section, key + " = " + quoted(value));
  }

  void flag(String section, String key, boolean value) {
    line(section, key + " = " + value);
  }

  void number(String section, String key, long value) {
    line(section, key + " = " + value);
  }

  void comment(String section, String words) {
    line(section, "# " + words);
  }

  private void line(String section, String line) {
    sections.computeIfAbsent(section, _ -> new ArrayList<>()).add(line);
  }

  /** {@code role} is {@code admin} or {@code replication}. */
  void login(String role, String user, String password) {
    text("credentials", role + "_user", user);
    text("credentials", role + "_password", password);
  }

  /** A login whose password somebody else has to write down. */
  void loginUnread(String role, String user) {
    unreadable.add(role);
    text("credentials", role + "_user", user);
    text("credentials", role + "_password_file", role + ".password");
  }

  /** {@code wanted} is a preference; empty for none. */
  void server(String name, Endpoint address, Endpoint replicationAddress, String wanted) {
    StringBuilder text = new StringBuilder("[[server]]\n");
    text.append("name = ").append(quoted(name)).append('\n');
    text.append("address = ").append(quoted(address.toString())).append('\n');
    if (!replicationAddress.equals(address)) {
      text.append("replication_address = ").append(quoted(replicationAddress.toString()));
      text.append('\n');
    }
    if (!wanted.isEmpty()) {
      text.append("preference = ").append(quoted(wanted)).append('\n');
    }
    servers.add(text.toString());
  }

  void leftover(int line, String key, String why) {
    leftovers.add(new Leftover(line, key, why));
  }

  void mistake(int line, String what, String mend) {
    mistakes.add(new Mistake(line, what, mend));
  }

  List<Mistake> mistakes() {
    return mistakes.stream().sorted(Comparator.comparingInt(Mistake::line)).toList();
  }

  List<Leftover> leftovers() {
    return leftovers.stream().sorted(Comparator.comparingInt(Leftover::line)).toList();
  }

  /** Whose passwords must be written by somebody who knows them. */
  List<String> unreadable() {
    return List.copyOf(unreadable);
  }

  String toml() {
    StringBuilder text = new StringBuilder("# Made by regent import, from " + from + ".\n");
    text.append("# Every key there is: regent config example.\n");
    Map<String, List<String>> rest = new TreeMap<>(sections);
    section(text, "cluster", rest);
    servers.forEach(s -> text.append('\n').append(s));
    section(text, "credentials", rest);
    section(text, "tls", rest);
    List.copyOf(rest.keySet()).forEach(name -> section(text, name, rest));
    return text.toString();
  }

  private static void section(StringBuilder text, String name, Map<String, List<String>> rest) {
    text.append("\n[").append(name).append("]\n");
    rest.getOrDefault(name, List.of()).forEach(line -> text.append(line).append('\n'));
    rest.remove(name);
  }

  /** The same with a password wherever one is to be written, so that all else can be checked. */
  String toCheck() {
    String text = toml();
    for (String role : unreadable) {
      text =
          text.replace(
              role + "_password_file = " + quoted(role + ".password"),
              role + "_password = " + quoted(PLACEHOLDER));
    }
    return text;
  }

  private static String quoted(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || c == 0x7f) {
        text.append("\\u00").append(c < 16 ? "0" : "").append(Integer.toHexString(c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
