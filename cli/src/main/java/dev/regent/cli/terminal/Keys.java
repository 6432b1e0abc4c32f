package dev.regent.cli.terminal;

import java.io.IOError;
import java.util.Optional;
import org.jline.keymap.BindingReader;
import org.jline.keymap.KeyMap;
import org.jline.terminal.Terminal;
import org.jline.utils.InfoCmp.Capability;

/** What is typed, as keys. */
public final class Keys {
  /** Escape begins other keys, too; over a slow line their rest may come a little later. */
  private static final long ESCAPE_MILLIS = 300;

  /** Longer than any sequence of ECMA-48 that a key sends. */
  private static final int SEQUENCE_MAX = 32;

  private final BindingReader reader;
  private final KeyMap<Key> map;

  public Keys(Terminal terminal) {
    reader = new BindingReader(terminal.reader());
    map = map(terminal);
  }

  /** Waits for a key; empty when the terminal is gone. */
  public Optional<Key> next() {
    try {
      Key key = reader.readBinding(map);
      if (key == Key.CANCEL && unknownKey()) {
        return Optional.of(Key.OTHER);
      }
      return Optional.ofNullable(key);
    } catch (IOError e) {
      // Closed, or the line was cut.
      return Optional.empty();
    }
  }

  /**
   * Whether an escape was the beginning of a key, or of a terminal's message, that means nothing
   * here. All of it is taken away: no letter in it was typed.
   */
  private boolean unknownKey() {
    int next = reader.peekCharacter(ESCAPE_MILLIS);
    if (next != '[' && next != 'O') {
      return false;
    }
    reader.readCharacter();
    for (int i = 0; i < SEQUENCE_MAX; i++) {
      int c = reader.readCharacter();
      if (c < 0 || (c >= '@' && c <= '~')) {
        break;
      }
    }
    return true;
  }

  private static KeyMap<Key> map(Terminal terminal) {
    KeyMap<Key> map = new KeyMap<>();
    map.setAmbiguousTimeout(ESCAPE_MILLIS);
    map.setNomatch(Key.OTHER);
    map.setUnicode(Key.OTHER);
    map.bind(Key.UP, "k", "\033[A", "\033OA", key(terminal, Capability.key_up));
    map.bind(Key.DOWN, "j", "\033[B", "\033OB", key(terminal, Capability.key_down));
    map.bind(Key.PAGE_UP, "b", "\033[5~", key(terminal, Capability.key_ppage));
    map.bind(Key.PAGE_DOWN, " ", "\033[6~", key(terminal, Capability.key_npage));
    map.bind(Key.ENTER, "\r", "\n");
    map.bind(Key.CANCEL, "\033");
    map.bind(Key.YES, "y");
    map.bind(Key.FORCED_YES, "Y");
    map.bind(Key.NO, "n", "N");
    map.bind(Key.HELP, "?", "h");
    map.bind(Key.SWITCHOVER, "s", KeyMap.ctrl('S'));
    map.bind(Key.FAILOVER, "f", KeyMap.ctrl('F'));
    map.bind(Key.DRY_RUN, "d");
    map.bind(Key.FORCE, "!");
    map.bind(Key.MAINTENANCE, "m");
    map.bind(Key.PAUSE, "p");
    map.bind(Key.READ_ONLY, "r");
    map.bind(Key.ALL_READ_ONLY, KeyMap.ctrl('R'));
    map.bind(Key.ALL_READ_WRITE, KeyMap.ctrl('W'));
    map.bind(Key.REDRAW, KeyMap.ctrl('L'));
    map.bind(Key.QUIT, "q", KeyMap.ctrl('Q'), KeyMap.ctrl('C'));
    return map;
  }

  /** Terminals without this key have none of its strings. */
  private static String key(Terminal terminal, Capability capability) {
    String sequence = KeyMap.key(terminal, capability);
    return sequence == null ? "\033[unknown" : sequence;
  }
}
