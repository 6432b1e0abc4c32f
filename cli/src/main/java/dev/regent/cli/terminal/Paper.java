package dev.regent.cli.terminal;

import java.io.PrintWriter;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/**
 * What is drawn on: the terminal's second screen, or, where the terminal cannot move its cursor
 * (TERM=dumb), one picture after the other. The terminal is given back as it was by {@link #close},
 * which may be called twice and from any thread.
 */
public final class Paper implements AutoCloseable {
  /** A typewriter that never stops would be of no use. */
  private static final long PRINT_MILLIS = 5_000;

  private static final Size ORDINARY = Size.of(80, 24);

  private final Terminal terminal;
  private final Attributes before;
  private final Display display;
  private final boolean moves;
  private Size size = Size.of(0, 0);
  private List<AttributedString> printed = List.of();
  private long printedMillis;
  private boolean closed;

  /**
   * @param typewriter the terminal cannot move its cursor, whatever the library believes
   */
  public Paper(Terminal terminal, boolean typewriter) {
    this.terminal = terminal;
    this.moves = !typewriter && terminal.getStringCapability(Capability.cursor_address) != null;
    this.before = terminal.enterRawMode();
    Attributes ours = terminal.getAttributes();
    // Ctrl-C, Ctrl-Z, Ctrl-S and Ctrl-Q are keys: a stopped console would hide what happens.
    ours.setLocalFlag(LocalFlag.ISIG, false);
    ours.setInputFlag(InputFlag.IXON, false);
    terminal.setAttributes(ours);
    this.display = new Display(terminal, true);
    if (moves) {
      terminal.puts(Capability.enter_ca_mode);
      terminal.puts(Capability.keypad_xmit);
      terminal.puts(Capability.cursor_invisible);
      terminal.puts(Capability.clear_screen);
      terminal.flush();
    }
  }

  /** The terminal's size; one that tells none is an ordinary one. */
  public Size size() {
    Size now = terminal.getSize();
    boolean known = now.getColumns() > 0 && now.getRows() > 0;
    return known ? now : ORDINARY;
  }

  /**
   * @param urgent something else than the time has changed
   */
  public synchronized void draw(List<AttributedString> lines, Size of, boolean urgent) {
    if (closed) {
      return;
    }
    if (!moves) {
      print(lines, urgent);
      return;
    }
    if (!of.equals(size)) {
      size = of;
      display.resize(of);
      redraw();
    }
    display.update(lines, -1);
  }

  public synchronized void redraw() {
    if (moves && !closed) {
      display.clear();
      display.reset();
      terminal.puts(Capability.clear_screen);
      terminal.flush();
    }
  }

  private void print(List<AttributedString> lines, boolean urgent) {
    long now = System.currentTimeMillis();
    // The first line has the time in it.
    boolean same =
        printed.size() == lines.size()
            && printed.subList(1, printed.size()).equals(lines.subList(1, lines.size()));
    if (same || (!urgent && now - printedMillis < PRINT_MILLIS)) {
      return;
    }
    PrintWriter writer = terminal.writer();
    for (AttributedString line : lines) {
      String text = line.toString().stripTrailing();
      if (!text.isEmpty()) {
        writer.print(text + "\r\n");
      }
    }
    writer.print("\r\n");
    writer.flush();
    printed = List.copyOf(lines);
    printedMillis = now;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (moves) {
      terminal.puts(Capability.clear_screen);
      terminal.puts(Capability.cursor_normal);
      terminal.puts(Capability.keypad_local);
      terminal.puts(Capability.exit_ca_mode);
    }
    terminal.flush();
    terminal.setAttributes(before);
  }
}
