package dev.regent.cli.console;

import dev.regent.cli.terminal.Key;
import dev.regent.core.analyze.Diagnosis.Severity;

/** What the console reacts to. Anything may come at any time. */
public sealed interface Happening {
  /** A new look at the cluster. */
  record Seen(Sight sight) implements Happening {}

  /** Nobody answers; the last look is kept. */
  record Lost(String why) implements Happening {}

  /** An event of the cluster. */
  record Told(Line line) implements Happening {}

  /** The events come again from the beginning. */
  record Forgotten() implements Happening {}

  record Pressed(Key key) implements Happening {}

  /** Nobody will press a key any more: the terminal was closed. */
  record Gone() implements Happening {}

  /** A plan that was asked for. */
  record Planned(Order order, Backend.Answer answer) implements Happening {}

  /** What happens while an order is carried out. */
  record Progress(String line) implements Happening {}

  record Ended(Order order, Backend.Answer answer) implements Happening {}

  /** Time has passed, or the terminal has another size: draw again. */
  record Tick() implements Happening {}

  /** One line of the event log. */
  record Line(long atMillis, Severity severity, String text) {}
}
