package dev.regent.server.front;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.seen.SessionView;
import dev.regent.proxy.seen.SessionView.Activity;
import dev.regent.server.store.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The proxy's sessions as a table, or as JSON. */
final class SessionsPage {
  private static final List<String> HEAD =
      List.of(
          "ID", "CLIENT", "USER", "LISTENER", "SERVER", "STATE", "FOR", "TRANSACTION", "PINNED");
  private static final String NONE = "-";

  private SessionsPage() {}

  static List<String> text(List<SessionView> sessions) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    sessions.forEach(session -> rows.add(row(session)));
    List<String> lines = new ArrayList<>(table(rows));
    if (sessions.isEmpty()) {
      return List.of("no client is connected");
    }
    lines.add(sessions.size() + (sessions.size() == 1 ? " session" : " sessions"));
    return lines;
  }

  private static List<String> row(SessionView session) {
    return List.of(
        Long.toString(session.number()),
        session.client(),
        session.user().isEmpty() ? NONE : session.user(),
        session.listener(),
        session.server().map(ServerId::name).orElse(NONE),
        session.activity().words(),
        seconds(session.since()),
        session.transaction().map(SessionsPage::seconds).orElse(NONE),
        session.pinned().orElse(NONE));
  }

  /** Columns as wide as they must be. */
  static List<String> table(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }

  static String json(List<SessionView> sessions) {
    ObjectNode node = Json.object();
    ArrayNode all = node.putArray("sessions");
    sessions.forEach(session -> add(all.addObject(), session));
    return Json.pretty(node);
  }

  private static void add(ObjectNode node, SessionView session) {
    node.put("id", session.number());
    node.put("client", session.client());
    node.put("user", session.user());
    node.put("database", session.database());
    node.put("listener", session.listener());
    node.put("server", session.server().map(ServerId::name).orElse(null));
    node.put("thread", session.thread() == 0 ? null : (Long) session.thread());
    node.put("state", session.activity().words());
    node.put("stateSeconds", session.since().toMillis() / 1000.0);
    node.put("transactionSeconds", inSeconds(session.transaction()));
    boolean waits = session.activity() == Activity.WAITING;
    node.put("waitingSeconds", inSeconds(Optional.of(session.since()).filter(s -> waits)));
    node.put("pinnedBecause", session.pinned().orElse(null));
  }

  private static @Nullable Double inSeconds(Optional<Duration> time) {
    return time.map(t -> t.toMillis() / 1000.0).orElse(null);
  }
}
