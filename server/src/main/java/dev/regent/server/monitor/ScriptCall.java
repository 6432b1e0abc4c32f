package dev.regent.server.monitor;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import dev.regent.server.connect.Account;
import dev.regent.server.monitor.EventSettings.Credentials;
import dev.regent.server.monitor.EventSettings.Dialect;
import dev.regent.server.store.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Words and environment of a script's call.
 *
 * <p>A placeholder is replaced inside its word, after the line was split: what an address or a
 * password contains splits and quotes nothing. A word that comes to nothing is left out, as it was
 * when lines were split after the replacement.
 */
final class ScriptCall {
  static final Pattern PLACEHOLDER =
      Pattern.compile(
          "\\$(INITIATOR|EVENT|LIST|NODELIST|MASTERLIST|SLAVELIST|SYNCEDLIST|PARENT|CHILDREN"
              + "|CREDENTIALS)");

  private final EventSettings settings;
  private final ClusterSpec spec;
  private final Account account;

  ScriptCall(EventSettings settings, ClusterSpec spec, Account account) {
    this.settings = settings;
    this.spec = spec;
    this.account = account;
  }

  /** As it is run. */
  List<String> words(Change change) {
    return words(change, logins());
  }

  /** As it may be told: without a password. */
  List<String> shown(Change change) {
    return words(change, "$CREDENTIALS");
  }

  private List<String> words(Change change, String credentials) {
    List<String> words = new ArrayList<>();
    if (settings.dialect() == Dialect.FIXED) {
      words.addAll(settings.script());
      words.add("--event=" + change.event().word());
      words.add("--initiator=" + address(change.after().id()));
      words.add("--nodelist=" + all());
      return words;
    }
    for (String word : settings.script()) {
      String expanded =
          PLACEHOLDER
              .matcher(word)
              .replaceAll(m -> Matcher.quoteReplacement(value(m.group(1), change, credentials)));
      if (!expanded.isEmpty() || word.isEmpty()) {
        words.add(expanded);
      }
    }
    return words;
  }

  private String value(String placeholder, Change change, String credentials) {
    ServerId initiator = change.after().id();
    return switch (placeholder) {
      case "INITIATOR" -> address(initiator);
      case "EVENT" -> change.event().word();
      case "LIST" -> all();
      case "NODELIST" -> list(change, ServerState::running);
      case "MASTERLIST" -> list(change, ServerState::primary);
      case "SLAVELIST" -> list(change, ServerState::replica);
      case "PARENT" ->
          change.after().source().or(() -> change.before().source()).map(this::address).orElse("");
      case "CHILDREN" -> list(change, s -> s.source().filter(initiator::equals).isPresent());
      case "CREDENTIALS" -> credentials;
      default -> "";
    };
  }

  private String all() {
    return spec.servers().stream().map(s -> address(s.id())).collect(Collectors.joining(","));
  }

  private String list(Change change, Predicate<ServerState> which) {
    return spec.servers().stream()
        .map(ClusterSpec.Server::id)
        .filter(id -> change.server(id).filter(which).isPresent())
        .map(this::address)
        .collect(Collectors.joining(","));
  }

  private String address(ServerId id) {
    Endpoint endpoint = spec.server(id).address();
    return settings.dialect() == Dialect.BRACKETS
        ? "[" + endpoint.host() + "]:" + endpoint.port()
        : endpoint.toString();
  }

  private String logins() {
    return spec.servers().stream()
        .map(s -> account.user() + ":" + account.password() + "@" + address(s.id()))
        .collect(Collectors.joining(","));
  }

  /** What the script's environment has beyond this process's. */
  Map<String, String> environment(Change change) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("REGENT_EVENT", json(change));
    if (settings.credentials() == Credentials.ENVIRONMENT) {
      variables.put("REGENT_CREDENTIALS", logins());
    }
    return variables;
  }

  private String json(Change change) {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("event", change.event().word());
    about.put("cluster", spec.name());
    about.put("time", Instant.ofEpochMilli(change.atMillis()).toString());
    about.put("initiator", change.after().id().name());
    about.put("before", change.before().words());
    about.put("after", change.after().words());
    about.put("servers", spec.servers().stream().map(s -> server(s, change)).toList());
    return Json.write(about);
  }

  private static Map<String, Object> server(ClusterSpec.Server server, Change change) {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("name", server.id().name());
    about.put("host", server.address().host());
    about.put("port", server.address().port());
    change
        .server(server.id())
        .ifPresent(s -> {
          about.put("status", s.words());
          about.put("running", s.running());
          about.put("primary", s.primary());
          about.put("replica", s.replica());
          about.put("maintenance", s.maintenance());
          s.source().ifPresent(source -> about.put("source", source.name()));
          s.lagSeconds().ifPresent(lag -> about.put("lag_seconds", lag));
        });
    return about;
  }
}
