package dev.regent.server.render;

import dev.regent.core.control.Picture;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.server.render.Card.Role;
import dev.regent.server.render.Page.Tone;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The servers of a cluster as a tree of who follows whom, one row each. If the page is too narrow
 * for both positions, the received one shrinks to how far it is ahead.
 */
final class ServerTable {
  private static final List<String> HEAD =
      List.of("SERVER", "ROLE", "RW", "LAG", "APPLIED", "RECEIVED", "SEEN", "STATE");
  private static final int RECEIVED = 5;
  private static final int STATE = HEAD.size() - 1;
  private static final String GAP = "  ";

  /** So much of the last column must fit beside the others before it is worth breaking lines. */
  private static final int STATE_MIN = 20;

  private record Row(Card card, List<String> cells) {}

  private final Page page;
  private final List<Card> cards;
  private final List<Row> rows = new ArrayList<>();
  private final Set<ServerId> placed = new LinkedHashSet<>();

  private ServerTable(Picture picture, Page page) {
    this.page = page;
    this.cards = Card.all(picture);
  }

  static List<String> render(Picture picture, Page page) {
    ServerTable table = new ServerTable(picture, page);
    table.place();
    return table.lines();
  }

  /** The primary's tree first, then other roots, then what hangs in a ring. */
  private void place() {
    cards.stream().filter(c -> c.role() == Role.PRIMARY).forEach(c -> place(c, "", ""));
    cards.stream().filter(c -> c.source().isEmpty()).forEach(c -> place(c, "", ""));
    cards.forEach(c -> place(c, "", ""));
  }

  private void place(Card card, String branch, String below) {
    if (!placed.add(card.view().id())) {
      return;
    }
    rows.add(new Row(card, cells(card, branch)));
    List<Card> replicas =
        cards.stream()
            .filter(c -> c.source().isPresent() && c.source().get().equals(card.view().id()))
            .filter(c -> !placed.contains(c.view().id()))
            .toList();
    for (Card replica : replicas) {
      boolean last = replica.equals(replicas.getLast());
      place(replica, below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "));
    }
  }

  private List<String> cells(Card card, String branch) {
    String state = card.state();
    List<String> all = new ArrayList<>(List.of(state));
    all.addAll(card.marks());
    return List.of(
        branch + card.view().id(),
        card.role() == Role.NONE ? "-" : Page.word(card.role()),
        card.view().facts().map(f -> f.readOnly() ? "ro" : "rw").orElse("?"),
        lag(card),
        card.lastFacts().map(f -> f.applied().toString()).orElse(""),
        received(card, false),
        card.view().seen().map(s -> Page.span(page.now().since(s.at()))).orElse("never"),
        String.join(", ", all));
  }

  private static String lag(Card card) {
    return card.view().facts().map(ServerFacts::lagSeconds).stream()
        .flatMap(l -> l.stream().boxed())
        .map(l -> l + " s")
        .findFirst()
        .orElse("");
  }

  private static String received(Card card, boolean brief) {
    GtidPosition applied = card.lastFacts().map(ServerFacts::applied).orElse(GtidPosition.EMPTY);
    boolean replica = card.lastFacts().filter(f -> !f.channels().isEmpty()).isPresent();
    return card.received()
        .map(received -> {
          long ahead = received.beyond(applied);
          return ahead == 0 ? "all" : brief ? "+" + ahead : received.toString();
        })
        .orElse(replica ? "unknown" : "");
  }

  private List<String> lines() {
    List<Row> shown = rows;
    int[] widths = widths(shown);
    if (start(widths) + STATE_MIN > page.columns()) {
      shown = rows.stream().map(r -> new Row(r.card(), brief(r))).toList();
      widths = widths(shown);
    }
    List<String> lines = new ArrayList<>();
    lines.add(page.paint(Tone.FAINT, line(HEAD, widths, HEAD.get(STATE))));
    for (Row row : shown) {
      lines.addAll(lines(row, widths));
    }
    return lines;
  }

  private static List<String> brief(Row row) {
    List<String> cells = new ArrayList<>(row.cells());
    cells.set(RECEIVED, received(row.card(), true));
    return cells;
  }

  private List<String> lines(Row row, int[] widths) {
    int start = start(widths);
    List<String> lines = new ArrayList<>();
    List<String> state = page.wrap(row.cells().get(STATE), start);
    lines.add(painted(row, widths) + page.paint(row.card().tone(), state.getFirst()));
    state.stream()
        .skip(1)
        .forEach(l -> lines.add(" ".repeat(start) + page.paint(row.card().tone(), l)));
    return lines;
  }

  /** All cells but the last; the name of the primary stands out. */
  private String painted(Row row, int[] widths) {
    String line = line(row.cells(), widths, "");
    String name = row.cells().getFirst();
    return row.card().role() == Role.PRIMARY
        ? page.paint(Tone.STRONG, name) + line.substring(name.length())
        : line;
  }

  private static String line(List<String> cells, int[] widths, String end) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < STATE; i++) {
      line.append(String.format(Locale.ROOT, "%-" + widths[i] + "s", cells.get(i))).append(GAP);
    }
    return line.append(end).toString();
  }

  private static int[] widths(List<Row> rows) {
    int[] widths = new int[HEAD.size()];
    for (int i = 0; i < HEAD.size(); i++) {
      int column = i;
      widths[i] =
          rows.stream()
              .mapToInt(r -> r.cells().get(column).length())
              .reduce(HEAD.get(i).length(), Math::max);
    }
    return widths;
  }

  /** Where the last column begins. */
  private static int start(int[] widths) {
    int start = 0;
    for (int i = 0; i < STATE; i++) {
      start += widths[i] + GAP.length();
    }
    return start;
  }
}
