package dev.regent.cli.console;

import dev.regent.server.render.Page.Tone;
import java.util.ArrayList;
import java.util.List;

/** The words of each dialog: heading, lines, and the question or hint below them. */
final class DialogText {
  private static final String SCROLL = "up, down: scroll";
  private static final List<String> HELP =
      List.of(
          "up, down    select a server (also k, j)",
          "PgUp, PgDn  scroll the events",
          "s           switchover: move the role of a primary that is well (also Ctrl-S)",
          "f           failover: promote a replica because the primary is lost (also Ctrl-F)",
          "d           dry run of either: the plan, and nothing is done",
          "m           begin or end maintenance of the selected server (with a daemon)",
          "p           pause or resume automatic action (with a daemon)",
          "r           close or open the selected replica: read_only (without a daemon)",
          "Ctrl-R      close all replicas, Ctrl-W opens them (without a daemon)",
          "Ctrl-L      draw the screen again",
          "q           quit (also Ctrl-Q, Ctrl-C)",
          "",
          "Every act first shows what it would do, and asks. Nothing is done before y.",
          "",
          "LAG   seconds behind, as the replica says.",
          "RECV  what it lacks of the primary's transactions in its relay log, APPL in its data:"
              + " all, or how many are missing.",
          "SYNC  sync: it is one of those that may acknowledge commits; on: semi-sync is on.",
          "ERR   ranges of transactions that only this server has; ? before that is known.");

  private DialogText() {}

  /** A line and how it is meant. */
  record Styled(Tone tone, String text) {
    static Styled plain(String text) {
      return new Styled(Tone.PLAIN, text);
    }
  }

  static String heading(Dialog dialog) {
    return switch (dialog) {
      case Dialog.None d -> "";
      case Dialog.Help d -> "Keys";
      case Dialog.DryRun d -> "Dry run";
      case Dialog.Choose d ->
          (d.dry() ? "Dry run: " : "") + (d.failover() ? "failover" : "switchover") + " to whom?";
      case Dialog.Asking d -> heading(d.order(), d.dry());
      case Dialog.Plan d -> heading(d.order(), d.dry());
      case Dialog.Working d -> d.order().words() + ": at work";
      case Dialog.Outcome d -> d.order().words() + ": " + word(d.answer().result());
      case Dialog.Gone d -> "The terminal was closed";
      case Dialog.Message d -> "Not now";
    };
  }

  private static String heading(Order order, boolean dry) {
    return (dry ? "Dry run: " : "Plan: ") + order.words();
  }

  private static String word(Backend.Answer.Result result) {
    return switch (result) {
      case DONE -> "done";
      case HELD -> "held";
      case FAILED -> "failed";
    };
  }

  static List<Styled> of(State state) {
    return switch (state.dialog()) {
      case Dialog.None d -> List.of();
      case Dialog.Help d -> HELP.stream().map(Styled::plain).toList();
      case Dialog.DryRun d -> List.of(Styled.plain("s  switchover"), Styled.plain("f  failover"));
      case Dialog.Choose d -> choices(d, state);
      case Dialog.Asking d -> List.of(new Styled(Tone.FAINT, "asking for the plan ..."));
      case Dialog.Plan d -> plan(d.answer());
      case Dialog.Working d -> d.lines().stream().map(DialogText::step).toList();
      case Dialog.Outcome d -> outcome(d.answer());
      case Dialog.Gone d -> List.of();
      case Dialog.Message d -> List.of(Styled.plain(d.text()));
    };
  }

  private static List<Styled> choices(Dialog.Choose choose, State state) {
    List<Styled> lines = new ArrayList<>();
    for (int i = 0; i < choose.choices().size(); i++) {
      String name = choose.choices().get(i);
      String words =
          name.isEmpty()
              ? "whoever is the best candidate then"
              : state
                  .sight()
                  .flatMap(s -> s.server(name))
                  .map(s -> name + "  " + s.role() + ", " + s.state())
                  .orElse(name + "  not there any more");
      boolean here = i == choose.index();
      lines.add(new Styled(here ? Tone.STRONG : Tone.PLAIN, (here ? "> " : "  ") + words));
    }
    return lines;
  }

  /** The first line is what it comes to. */
  private static List<Styled> plan(Backend.Answer answer) {
    List<Styled> lines = new ArrayList<>();
    for (String line : answer.lines()) {
      lines.add(new Styled(lines.isEmpty() ? tone(answer) : Tone.PLAIN, line));
    }
    return lines;
  }

  /** The last line is what it came to. */
  private static List<Styled> outcome(Backend.Answer answer) {
    List<Styled> lines = new ArrayList<>(answer.lines().stream().map(DialogText::step).toList());
    if (!lines.isEmpty()) {
      lines.set(lines.size() - 1, new Styled(tone(answer), lines.getLast().text()));
    }
    return lines;
  }

  private static Tone tone(Backend.Answer answer) {
    return switch (answer.result()) {
      case DONE -> Tone.STRONG;
      case HELD -> Tone.WARNING;
      case FAILED -> Tone.BAD;
    };
  }

  private static Styled step(String line) {
    return Styled.plain(brief(line));
  }

  /** One plan is at work at a time, so its number says nothing, and it is long. */
  static String brief(String line) {
    return line.replaceFirst("^plan [0-9]+: ", "");
  }

  /** What can be done now; a question is the only thing that waits for an answer. */
  static Styled foot(Dialog dialog) {
    return switch (dialog) {
      case Dialog.None d -> Styled.plain("");
      case Dialog.Help d -> hint(SCROLL + ", Enter: close");
      case Dialog.DryRun d -> hint("of which? Esc: neither");
      case Dialog.Choose d -> hint("up, down: choose, Enter: show the plan, Esc: nothing");
      case Dialog.Asking d -> hint("Esc: do not wait for it");
      case Dialog.Plan d -> foot(d);
      case Dialog.Working d -> hint("Esc: back to the events; it goes on");
      case Dialog.Outcome d -> hint(SCROLL + ", Enter: close");
      case Dialog.Gone d -> hint("the console ends when the act has ended");
      case Dialog.Message d -> hint("any key: close");
    };
  }

  private static Styled foot(Dialog.Plan plan) {
    if (plan.asks()) {
      return new Styled(
          Tone.STRONG,
          plan.order().givesUp()
              ? "Forced: what held it is given up. Do it? capital Y, or Esc"
              : "Do this? [y/N]        up, down: scroll");
    }
    return hint(
        plan.canBeForced()
            ? "nothing was changed.  !: what force would do, Enter: close"
            : "nothing was changed.  " + SCROLL + ", Enter: close");
  }

  private static Styled hint(String text) {
    return new Styled(Tone.FAINT, text);
  }
}
