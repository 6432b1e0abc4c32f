package dev.regent.cli.terminal;

import java.io.IOError;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.Curses;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/**
 * What is drawn on: the terminal's second screen, or, where the terminal cannot move its cursor
 * (TERM=dumb), one picture after the other. The terminal is given back as it was by {@link #close},
 * which may be called twice and from any thread; or, where the program is ended from outside, by
 * {@link #abandon}.
 */
public final class Paper implements AutoCloseable {
  /** A typewriter that never stops would be of no use. */
  private static final long PRINT_MILLIS = 5_000;

  /** A picture takes no longer, unless the terminal takes nothing. */
  private static final long DRAWING_MILLIS = 200;

  private static final Size ORDINARY = Size.of(80, 24);

  private final Terminal terminal;
  private final Attributes before;
  private final Display display;
  private final boolean moves;
  private final OutputStream beneath;
  private final String leave;

  /** Guards the display and what was printed. */
  private final ReentrantLock drawing = new ReentrantLock();

  private Size size = Size.of(0, 0);
  private List<AttributedString> printed = List.of();
  private long printedMillis;
  private volatile boolean closed;

  /**
   * @param typewriter the terminal cannot move its cursor, whatever the library believes
   * @param beneath writes to the terminal at once, past the library
   */
  public Paper(Terminal terminal, boolean typewriter, OutputStream beneath) {
    this.terminal = terminal;
    this.beneath = beneath;
    this.moves = !typewriter && terminal.getStringCapability(Capability.cursor_address) != null;
    this.leave = moves ? leaving(terminal) : "";
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

  private static String leaving(Terminal terminal) {
    StringBuilder sequences = new StringBuilder();
    for (Capability capability :
        List.of(
            Capability.clear_screen,
            Capability.cursor_normal,
            Capability.keypad_local,
            Capability.exit_ca_mode)) {
      String sequence = terminal.getStringCapability(capability);
      if (sequence != null) {
        Curses.tputs(sequences, sequence);
      }
    }
    return sequences.toString();
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
  public void draw(List<AttributedString> lines, Size of, boolean urgent) {
    drawing.lock();
    try {
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
    } finally {
      drawing.unlock();
    }
  }

  public void redraw() {
    drawing.lock();
    try {
      if (moves && !closed) {
        display.clear();
        display.reset();
        terminal.puts(Capability.clear_screen);
        terminal.flush();
      }
    } finally {
      drawing.unlock();
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
  public void close() {
    drawing.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      terminal.writer().print(leave);
      terminal.flush();
      terminal.setAttributes(before);
    } finally {
      drawing.unlock();
    }
  }

  /**
   * Gives the terminal back whatever else goes on: a picture that a slow terminal does not take is
   * not waited for, and a library that was closed already is not needed.
   */
  public void abandon() {
    if (closed) {
      return;
    }
    closed = true;
    boolean alone = false;
    try {
      alone = drawing.tryLock(DRAWING_MILLIS, TimeUnit.MILLISECONDS);
      restore();
      beneath.write(leave.getBytes(StandardCharsets.ISO_8859_1));
      beneath.flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // Then there is no terminal any more that could be given back.
      return;
    } finally {
      if (alone) {
        drawing.unlock();
      }
    }
  }

  private void restore() {
    try {
      terminal.setAttributes(before);
    } catch (IllegalStateException | IOError e) {
      // Closed: so the library has set them itself; or gone.
      return;
    }
  }
}
