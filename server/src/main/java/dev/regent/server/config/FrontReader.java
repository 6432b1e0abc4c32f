package dev.regent.server.config;

import dev.regent.proxy.session.Replaying;
import dev.regent.server.connect.Tls;
import dev.regent.server.front.FrontSettings;
import dev.regent.server.front.FrontSettings.Kind;
import dev.regent.server.front.FrontSettings.Listener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what clients find: the proxy's listeners, and how long they may have to wait. */
final class FrontReader {
  private static final Duration HOLD = Duration.ofSeconds(30);

  /** Beside a server on the same host. */
  private static final int PORT = 3307;

  private final Document document;

  FrontReader(Document document) {
    this.document = document;
  }

  /** Empty: there is no proxy. */
  Optional<FrontSettings> read(Tls tls) {
    // So that the keys of a listener are known even where there is none.
    listener(document.blank("[[listener]]"));
    Section continuity = document.section("continuity");
    long replayMax = continuity.whole("replay_max", Replaying.BYTES_MAX, 0, 64 << 20);
    Duration hold = continuity.duration("hold", HOLD, Duration.ofMillis(100), Duration.ofHours(1));
    List<Listener> listeners = new ArrayList<>();
    Map<String, Integer> taken = new LinkedHashMap<>();
    for (Section section : document.sections("listener")) {
      Listener listener = listener(section);
      if (section.has("port")) {
        listeners.add(listener);
        claim(section, listener, taken);
      } else if (section.has("address")) {
        section.mistake("address", "has no port", "add port = " + PORT + ", or remove it");
      }
    }
    if (listeners.isEmpty()) {
      return Optional.empty();
    }
    if (tls.mode() != Tls.Mode.OFF) {
      document
          .section("tls")
          .mistake(
              "mode",
              "wants encryption to the servers, which the proxy does not speak yet",
              "write mode = \"off\", or remove every [[listener]]");
    }
    return Optional.of(new FrontSettings(listeners, hold, replayMax));
  }

  private static Listener listener(Section section) {
    return new Listener(
        section.choice("kind", Kind.PRIMARY),
        section.text("address").orElse("127.0.0.1"),
        (int) section.whole("port", PORT, 1, 65535));
  }

  private static void claim(Section section, Listener listener, Map<String, Integer> taken) {
    String place = listener.address() + " port " + listener.port();
    Integer first = taken.putIfAbsent(place, section.line("port"));
    if (first != null) {
      section.mistake("port", place + " is taken since line " + first, "choose another port");
    }
  }
}
