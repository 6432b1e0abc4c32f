package dev.regent.cli.console;

import dev.regent.cli.console.DialogText.Styled;
import dev.regent.cli.console.Happening.Line;
import dev.regent.cli.console.Sight.Note;
import dev.regent.cli.console.Sight.Server;
import dev.regent.cli.terminal.Look;
import dev.regent.server.render.Page.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;

/**
 * Draws a state: exactly as many lines as the terminal has, none wider than it. Above, the cluster
 * and its servers; below, what is wrong and the events, or a dialog; in the last line, the keys.
 */
final class Screen {
  /** A daemon shows a picture several times a second. */
  private static final long FRESH_MILLIS = 3_000;

  /** So much stays for what is below the servers, while the terminal has it. */
  private static final int BELOW_MIN = 6;

  private static final int DIALOG_MIN = 9;
  private static final int LABEL = 10;

  /** Blank line, head, and the three servers of an ordinary cluster. */
  private static final int SERVERS_MIN = 5;

  /** On lower screens the events need the line more. */
  private static final int DETAIL_FROM = 12;

  private final State state;
  private final long nowMillis;
  private final int columns;
  private final int rows;
  private final Look look;

  private Screen(State state, long nowMillis, int columns, int rows, Look look) {
    this.state = state;
    this.nowMillis = nowMillis;
    this.columns = columns;
    this.rows = rows;
    this.look = look;
  }

  static List<AttributedString> render(
      State state, long nowMillis, int columns, int rows, Look look) {
    return new Screen(state, nowMillis, columns, rows, look).lines();
  }

  private List<AttributedString> lines() {
    int body = Math.max(0, rows - 2);
    boolean dialog = !(state.dialog() instanceof Dialog.None);
    List<AttributedString> lines = new ArrayList<>(List.of(title()));
    int least = Math.min(body, dialog ? Math.min(DIALOG_MIN, dialogHeight()) : BELOW_MIN);
    List<AttributedString> top = above(Math.max(0, body - least));
    lines.addAll(top.subList(0, Math.min(top.size(), body)));
    int below = body - Math.min(top.size(), body);
    lines.addAll(dialog ? dialog(below) : below(below));
    while (lines.size() < rows - 1) {
      lines.add(AttributedString.EMPTY);
    }
    lines.add(look.bar(keys(), "", columns));
    return List.copyOf(lines.subList(0, rows));
  }

  /** Servers come first: a decision is made by them. The rest is cut from below. */
  private List<AttributedString> above(int room) {
    List<AttributedString> summary = summary();
    int wanted = state.sight().map(s -> s.servers().size() + 2).orElse(0);
    int servers = Math.min(wanted, Math.max(room - summary.size(), Math.min(room, SERVERS_MIN)));
    List<AttributedString> above = new ArrayList<>(summary);
    int kept = Math.clamp((long) room - servers, 0, summary.size());
    above.subList(kept, summary.size()).clear();
    above.addAll(servers(servers));
    if (above.size() < room && room >= DETAIL_FROM) {
      state.cursor().ifPresent(s -> above.addAll(detail(s)));
    }
    return above;
  }

  // --- the first line

  private AttributedString title() {
    Optional<Sight> sight = state.sight();
    String left =
        sight
            .map(s ->
                " "
                    + s.title()
                    + "  "
                    + (s.cluster().isEmpty() ? "" : s.cluster() + "  ")
                    + (stale() ? "NOT CONNECTED" : s.healthy() ? "healthy" : "NOT HEALTHY")
                    + "  "
                    + String.join(", ", s.mode()))
            .orElse(" Regent");
    return look.bar(left, "  " + look.time(nowMillis) + " ", columns);
  }

  private boolean stale() {
    return state.lost().isPresent()
        || state.sight().filter(s -> nowMillis - s.atMillis() > FRESH_MILLIS).isPresent();
  }

  // --- the cluster

  /** The most important first: what has no room is cut from below. */
  private List<AttributedString> summary() {
    List<AttributedString> lines = new ArrayList<>();
    if (stale() || state.sight().isEmpty()) {
      lines.addAll(labelled("lost", Tone.BAD, trouble(), 3));
    }
    if (state.sight().isEmpty()) {
      return lines;
    }
    Sight sight = state.sight().get();
    lines.addAll(primary(sight));
    lines.addAll(
        labelled(
            "guarantee", Tone.of(sight.guarantee().severity()), sight.guarantee().sentence(), 2));
    sight.paused().ifPresent(p -> lines.addAll(labelled("paused", Tone.WARNING, p, 1)));
    sight.plan().ifPresent(p -> lines.addAll(labelled("running", Tone.STRONG, p, 2)));
    lines.addAll(position(sight));
    return lines;
  }

  private String trouble() {
    String why = state.lost().orElse("no new picture comes");
    return state
        .sight()
        .map(s -> "what is below was seen " + (nowMillis - s.atMillis()) / 1000 + " s ago; " + why)
        .orElse(state.lost().orElse("waiting for the first look at the servers"));
  }

  private List<AttributedString> primary(Sight sight) {
    if (sight.primary().isEmpty()) {
      return labelled("primary", Tone.BAD, "none is known; " + sight.writes(), 1);
    }
    Server primary = sight.primary().get();
    AttributedStringBuilder line = new AttributedStringBuilder();
    line.append(look.text(Tone.FAINT, label("primary")));
    String who =
        primary.name().equals(primary.address())
            ? primary.name()
            : primary.name() + "  " + primary.address();
    line.append(look.text(Tone.STRONG, who + "  "));
    line.append(look.text(primary.tone(), ServerList.state(primary)));
    line.append(
        look.text(Tone.PLAIN, primary.writable().isPresent() ? "  " + primary.version() : ""));
    return List.of(look.fit(line.toAttributedString(), columns));
  }

  private List<AttributedString> position(Sight sight) {
    if (sight.primary().isEmpty()) {
      return List.of();
    }
    Server primary = sight.primary().get();
    String position = primary.applied().map(p -> p.isEmpty() ? "none" : p.toString()).orElse("?");
    String rest =
        (primary.writable().isPresent() ? "" : "(last seen)  ")
            + sight.writes()
            + (primary.acknowledging().isEmpty() ? "" : "; " + primary.acknowledging());
    return labelled("position", Tone.PLAIN, position + "  " + rest, 1);
  }

  private List<AttributedString> labelled(String label, Tone tone, String text, int most) {
    List<AttributedString> lines = new ArrayList<>();
    int indent = label(label).length();
    for (String part : look.wrap(text, Math.max(1, columns - indent), 0)) {
      if (lines.size() == most) {
        break;
      }
      lines.add(
          new AttributedStringBuilder()
              .append(look.text(Tone.FAINT, lines.isEmpty() ? label(label) : " ".repeat(indent)))
              .append(look.text(tone, part))
              .toAttributedString());
    }
    return lines;
  }

  private static String label(String label) {
    return label + " ".repeat(Math.max(0, LABEL - label.length()));
  }

  // --- the servers

  /** A blank line, the head and as many servers as fit, the selected one among them. */
  private List<AttributedString> servers(int room) {
    List<AttributedString> lines = new ArrayList<>();
    if (state.sight().isEmpty() || room < 3) {
      return lines;
    }
    Sight sight = state.sight().get();
    ServerList list = new ServerList(sight, look, columns, stale());
    List<Server> all = sight.servers();
    int fit = Math.min(all.size(), room - 2);
    int selected = all.stream().map(Server::name).toList().indexOf(state.selected());
    int first = Math.clamp((long) selected - fit / 2, 0, all.size() - fit);
    lines.add(
        fit == all.size()
            ? AttributedString.EMPTY
            : look.text(
                Tone.FAINT,
                "servers " + (first + 1) + " to " + (first + fit) + " of " + all.size()));
    lines.add(list.head());
    for (Server server : all.subList(first, first + fit)) {
      lines.add(list.row(server, server.name().equals(state.selected())));
    }
    return lines;
  }

  /** What the table has no room for. */
  private List<AttributedString> detail(Server server) {
    List<String> parts = new ArrayList<>();
    if (!server.address().equals(server.name())) {
      parts.add(server.address());
    }
    if (!server.version().isEmpty()) {
      parts.add(server.version());
    }
    if (!server.source().isEmpty()) {
      parts.add("follows " + server.source());
    }
    server.applied().ifPresent(p -> parts.add("has applied " + (p.isEmpty() ? "nothing" : p)));
    server
        .errant()
        .filter(e -> !e.isEmpty())
        .ifPresent(e -> parts.add("errant: " + String.join(", ", e)));
    parts.addAll(server.marks());
    return labelled(server.name() + "  ", Tone.FAINT, String.join(", ", parts), 2);
  }

  // --- what is wrong, and what happened

  private List<AttributedString> below(int room) {
    List<AttributedString> notes = notes();
    int most = Math.max(room / 2, room - 4);
    List<AttributedString> lines = new ArrayList<>();
    if (!notes.isEmpty()) {
      lines.add(AttributedString.EMPTY);
      lines.addAll(notes.subList(0, Math.min(notes.size(), Math.max(0, most - 1))));
    }
    if (room - lines.size() >= 2) {
      String older = state.logScroll() == 0 ? "" : ", without the " + state.logScroll() + " newest";
      lines.add(look.rule("events, newest first" + older, columns));
      events(room - lines.size(), lines);
    }
    return lines.subList(0, Math.min(lines.size(), room));
  }

  private List<AttributedString> notes() {
    List<AttributedString> lines = new ArrayList<>();
    for (Note note : state.sight().map(Sight::notes).orElse(List.of())) {
      String label = note.severity().name().toLowerCase(java.util.Locale.ROOT);
      lines.addAll(labelled(label, Tone.of(note.severity()), note.sentence(), 3));
      note.hold().ifPresent(why -> lines.addAll(labelled("  hold", Tone.STRONG, why, 3)));
    }
    return lines;
  }

  private void events(int room, List<AttributedString> lines) {
    int end = lines.size() + room;
    for (Line event : state.log().subList(state.logScroll(), state.log().size())) {
      String time = look.time(event.atMillis()) + "  ";
      List<String> parts =
          look.wrap(DialogText.brief(event.text()), Math.max(1, columns - time.length()), 0);
      for (int i = 0; i < parts.size(); i++) {
        if (lines.size() == end) {
          return;
        }
        lines.add(
            new AttributedStringBuilder()
                .append(look.text(Tone.FAINT, i == 0 ? time : " ".repeat(time.length())))
                .append(look.text(Tone.of(event.severity()), parts.get(i)))
                .toAttributedString());
      }
    }
  }

  // --- a dialog

  private List<AttributedString> text() {
    List<AttributedString> lines = new ArrayList<>();
    for (Styled line : DialogText.of(state)) {
      int indent = line.text().length() - line.text().stripLeading().length() + 2;
      look.wrap(line.text(), Math.max(1, columns - 2), Math.min(indent, columns / 3))
          .forEach(part -> lines.add(look.text(line.tone(), " " + part)));
    }
    return lines;
  }

  /** A blank line, heading, text, and the foot. */
  private int dialogHeight() {
    return text().size() + 3;
  }

  private List<AttributedString> dialog(int room) {
    List<AttributedString> text = text();
    int shown = Math.max(0, room - (room > 6 ? 3 : 2));
    int last = Math.max(0, text.size() - shown);
    int first = Math.clamp(state.dialog().scroll(), 0, last);
    List<AttributedString> part = text.subList(first, Math.min(text.size(), first + shown));
    String more = last == 0 ? "" : "  (" + (first + part.size()) + " of " + text.size() + " lines)";
    List<AttributedString> lines = new ArrayList<>();
    if (room > 6) {
      lines.add(AttributedString.EMPTY);
    }
    lines.add(look.rule(DialogText.heading(state.dialog()) + more, columns));
    lines.addAll(part);
    while (lines.size() < room - 1) {
      lines.add(AttributedString.EMPTY);
    }
    Styled foot = DialogText.foot(state.dialog());
    lines.add(look.text(foot.tone(), " " + look.fit(foot.text(), Math.max(0, columns - 1))));
    return lines.subList(0, Math.min(lines.size(), room));
  }

  // --- the last line

  private String keys() {
    String busy =
        state.busy().isPresent() && state.dialog() instanceof Dialog.None
            ? " Enter: " + state.busy().get().words() + " at work "
            : "";
    boolean daemon = state.sight().filter(s -> s.cluster().isEmpty()).isEmpty();
    String acts = " ? help  s switchover  f failover  d dry run  ";
    String rest = daemon ? "m maintenance  p pause  q quit" : "r read-only  q quit";
    if (acts.length() + rest.length() <= columns) {
      return busy + acts + rest;
    }
    return busy + (daemon ? " ? help  s switch  f fail  d dry  m maint  p pause  q quit" : acts);
  }
}
