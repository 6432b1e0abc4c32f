package dev.regent.server.config;

import dev.regent.core.model.Policy;
import dev.regent.server.monitor.EventSettings;
import dev.regent.server.monitor.EventSettings.Credentials;
import dev.regent.server.monitor.EventSettings.Dialect;
import dev.regent.server.monitor.MonitorEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads {@code [events]}. Script and events may stand as in a MaxScale configuration, too. */
final class EventsReader {
  /** MaxScale's own. */
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$[A-Z]+");
  private static final String EXAMPLE = "\"/usr/local/bin/failover.sh\"";

  private final Section section;
  private final List<String> passwordVariables;

  /**
   * @param passwordVariables variables of the environment that a script must not inherit
   */
  EventsReader(Document document, List<String> passwordVariables) {
    this.section = document.section("events");
    this.passwordVariables = passwordVariables;
  }

  /** Empty: there is no script. */
  Optional<EventSettings> read() {
    List<String> script = script();
    Set<MonitorEvent> events = events();
    Duration timeout =
        section.duration("timeout", TIMEOUT, Duration.ofMillis(1), Duration.ofHours(24));
    Dialect dialect = dialect();
    Credentials credentials = section.choice("credentials", Credentials.REFUSED);
    boolean strict = section.flag("strict_1_2", false);
    OptionalLong lag = lagMax();
    boolean acts = section.choice("failover", Policy.Actor.REGENT) == Policy.Actor.SCRIPT;
    if (script.isEmpty()) {
      needsScript(acts);
      return Optional.empty();
    }
    if (acts && !events.contains(MonitorEvent.PRIMARY_DOWN)) {
      section.mistake(
          "events",
          "leave out master_down, so that nobody would fail over",
          "add \"master_down\", or remove failover = \"script\"");
    }
    AccessReader.checkExecutable(section, "script", script.getFirst());
    checkPlaceholders(script, dialect, credentials);
    return Optional.of(
        new EventSettings(
            script, events, timeout, dialect, credentials, strict, lag, passwordVariables));
  }

  private List<String> script() {
    if (section.isList("script")) {
      return section.texts("script", "[" + EXAMPLE + ", \"--verbose\"]");
    }
    Optional<String> line = section.text("script");
    if (line.isEmpty()) {
      return List.of();
    }
    Optional<List<String>> words = Words.of(line.get());
    if (words.isEmpty()) {
      section.mistake("script", "has a quote that does not end", "close it, or write a list");
    }
    return words.orElse(List.of());
  }

  /** Whoever sets anything about the script wants one. */
  private void needsScript(boolean acts) {
    if (acts && !section.has("script")) {
      section.mistake("failover", "= \"script\" has no script", "add script = " + EXAMPLE);
    }
    for (String key :
        List.of(
            "events", "timeout", "dialect", "credentials", "strict_1_2", "max_replication_lag")) {
      if (section.has(key) && !section.has("script")) {
        section.mistake(key, "has no script", "add script = " + EXAMPLE + ", or remove it");
      }
    }
  }

  private Set<MonitorEvent> events() {
    List<String> words =
        section.isList("events")
            ? section.texts("events", "[\"master_down\"]")
            : section
                .text("events")
                .map(t -> Arrays.stream(t.split("[,|\\s]+")).filter(w -> !w.isEmpty()).toList())
                .orElse(List.of());
    Set<MonitorEvent> events = EnumSet.noneOf(MonitorEvent.class);
    for (String word : words) {
      Optional<MonitorEvent> event = MonitorEvent.named(word.strip());
      event.ifPresent(events::add);
      if (event.isEmpty()) {
        Optional<String> near = Spelling.nearest(word, MonitorEvent.words());
        section.mistake(
            "events",
            "has no event " + Section.quoted(word),
            near.map(n -> "did you mean " + n + "?")
                .orElse("there are " + String.join(", ", MonitorEvent.words())));
      }
    }
    return section.has("events") ? events : EnumSet.allOf(MonitorEvent.class);
  }

  private Dialect dialect() {
    Optional<String> wanted = section.text("dialect");
    if (wanted.isEmpty()) {
      return Dialect.FIXED;
    }
    Optional<Dialect> dialect =
        Arrays.stream(Dialect.values()).filter(d -> d.release().equals(wanted.get())).findFirst();
    if (dialect.isEmpty()) {
      section.mistake(
          "dialect",
          "must be one of "
              + Arrays.stream(Dialect.values())
                  .map(d -> Section.quoted(d.release()))
                  .collect(Collectors.joining(", "))
              + ", not "
              + Section.quoted(wanted.get()),
          "write \"1.2\" for fixed arguments, \"1.3\" for placeholders, \"2.1.3\" for"
              + " placeholders with addresses in brackets");
    }
    return dialect.orElse(Dialect.FIXED);
  }

  private OptionalLong lagMax() {
    long seconds = section.seconds("max_replication_lag", 0, 0, Duration.ofDays(1).toSeconds());
    return section.has("max_replication_lag") ? OptionalLong.of(seconds) : OptionalLong.empty();
  }

  private void checkPlaceholders(List<String> script, Dialect dialect, Credentials credentials) {
    List<String> found = new ArrayList<>();
    for (String word : script) {
      PLACEHOLDER.matcher(word).results().forEach(m -> found.add(m.group()));
    }
    if (dialect == Dialect.FIXED && !found.isEmpty()) {
      section.mistake(
          "script",
          "has " + found.getFirst() + ", but dialect \"1.2\" knows no placeholders",
          "write dialect = \"1.3\", or \"2.1.3\" for addresses in brackets");
    } else if (found.contains("$CREDENTIALS") && credentials != Credentials.ARGUMENTS) {
      section.mistake(
          "script",
          "has $CREDENTIALS, and a password among its words is read by everybody on this machine",
          "write credentials = \"environment\" and read REGENT_CREDENTIALS, or allow it with"
              + " credentials = \"arguments\"");
    }
  }
}
