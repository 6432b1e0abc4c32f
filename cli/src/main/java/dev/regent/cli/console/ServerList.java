package dev.regent.cli.console;

import dev.regent.cli.console.Sight.Server;
import dev.regent.cli.terminal.Look;
import dev.regent.core.model.GtidPosition;
import dev.regent.server.render.Page.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** The servers as a table: as many columns as the terminal is wide, the state always. */
final class ServerList {
  private static final String GAP = "  ";

  /** Less says nothing. */
  private static final int STATE_MIN = 16;

  /** A column, and at which width it is worth its room: 0 always, else what gives way first. */
  private record Column(String head, int givesWay, Function<Server, String> cell) {}

  private final Sight sight;
  private final Look look;
  private final int columns;
  private final boolean stale;
  private final List<Column> shown;

  /**
   * @param stale it is an old picture: nothing in it looks as if it were so now
   */
  ServerList(Sight sight, Look look, int columns, boolean stale) {
    this.sight = sight;
    this.stale = stale;
    this.look = look;
    this.columns = columns;
    this.shown = fitting();
  }

  private List<Column> all() {
    return List.of(
        new Column("SERVER", 0, Server::name),
        new Column("ROLE", 5, Server::role),
        new Column("SOURCE", 1, Server::source),
        new Column("RW", 0, s -> s.writable().map(w -> w ? "rw" : "ro").orElse("?")),
        new Column("LAG", 0, ServerList::lag),
        new Column("RECV", 4, s -> s.primary() ? "" : lacking(s, true)),
        new Column("APPL", 0, s -> s.primary() ? "" : lacking(s, false)),
        new Column("GTID", 1, s -> s.applied().map(GtidPosition::toString).orElse("")),
        new Column("SYNC", 3, s -> s.primary() ? "" : s.semiSync()),
        new Column("ERR", 2, ServerList::errant));
  }

  private List<Column> fitting() {
    List<Column> fitting = new ArrayList<>(all());
    if (sight.servers().stream().allMatch(s -> s.primary() || s.errant().isEmpty())) {
      fitting.removeIf(c -> c.head().equals("ERR"));
    }
    for (int level = 1; level <= 5 && start(fitting) + STATE_MIN > columns; level++) {
      int going = level;
      fitting.removeIf(c -> c.givesWay() == going);
    }
    return fitting;
  }

  private int start(List<Column> of) {
    return 2 + of.stream().mapToInt(c -> width(c) + GAP.length()).sum();
  }

  private int width(Column column) {
    int widest =
        sight.servers().stream().mapToInt(s -> column.cell().apply(s).length()).max().orElse(0);
    return Math.max(widest, column.head().length());
  }

  AttributedString head() {
    String heads =
        shown.stream().map(c -> pad(c.head(), width(c))).collect(Collectors.joining(GAP));
    return look.fit(look.text(Tone.FAINT, "  " + heads + GAP + "STATE"), columns);
  }

  AttributedString row(Server server, boolean selected) {
    String cells =
        shown.stream()
            .map(c -> pad(c.cell().apply(server), width(c)))
            .collect(Collectors.joining(GAP));
    String start = (selected ? "> " : "  ") + cells + GAP;
    String state = look.fit(state(server), Math.max(0, columns - start.length()));
    if (selected) {
      String line = look.fit(start + state, columns);
      return new AttributedString(
          line + " ".repeat(columns - line.length()), AttributedStyle.DEFAULT.inverse());
    }
    AttributedStringBuilder line = new AttributedStringBuilder();
    Tone now = server.primary() ? Tone.STRONG : Tone.PLAIN;
    line.append(look.text(stale ? Tone.FAINT : now, start));
    line.append(look.text(stale ? Tone.FAINT : server.tone(), state));
    return look.fit(line.toAttributedString(), columns);
  }

  static String state(Server server) {
    return Stream.concat(Stream.of(server.state()), server.marks().stream())
        .collect(Collectors.joining(", "));
  }

  private static String lag(Server server) {
    return server.lagSeconds().isPresent() ? server.lagSeconds().getAsLong() + " s" : "";
  }

  private static String errant(Server server) {
    return server.primary()
        ? ""
        : server.errant().map(e -> e.isEmpty() ? "0" : Integer.toString(e.size())).orElse("?");
  }

  /** How much of the primary's transactions is not in its relay log, or not in its data. */
  private String lacking(Server server, boolean received) {
    Optional<GtidPosition> position = received ? server.received() : server.applied();
    Optional<GtidPosition> primary = sight.primary().flatMap(Server::applied);
    if (position.isEmpty() || primary.isEmpty()) {
      return server.writable().isEmpty() ? "" : "?";
    }
    long missing = primary.get().beyond(position.get());
    return missing == 0 ? "all" : "-" + missing;
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
