package dev.regent.proxy.text;

import dev.regent.proxy.text.Statement.Kind;
import dev.regent.proxy.text.Statement.Pin;
import dev.regent.proxy.text.Statement.Place;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One pass over a statement's text: words, names, calls and signs, without comments and quoted
 * text. It parses nothing, and fails safe: what it does not know is {@link Kind#OTHER}, and what
 * might call a stored function changes something.
 *
 * <p>On the way of every statement: nothing is made but the look itself and, for what ties or names
 * something, its {@link Statement}.
 */
public final class Look {
  /** What a variable's name begins with that says what a server tells of a session. */
  public static final String TRACKING = "session_track_";

  private static final Set<Pin> NO_PINS = Collections.unmodifiableSet(EnumSet.noneOf(Pin.class));
  private static final int DELETE_CHARACTER = 0x7f;

  private static final boolean[] WORD = new boolean[256];

  static {
    for (int c = 0; c < WORD.length; c++) {
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
      WORD[c] = letter || (c >= '0' && c <= '9') || c == '_' || c == '$';
    }
  }

  private final byte[] text;
  private final int begin;
  private final int end;
  private final Dialect dialect;
  private int at;

  // The statement's beginning, and the word before the next one.
  private Word first = Word.NONE;
  private Word second = Word.NONE;
  private Word third = Word.NONE;
  private Word before = Word.NONE;

  /** A name ended just now, and a bracket would call it. */
  private boolean callable;

  /** INSERT or REPLACE was read, which may be functions. */
  private boolean maybeFunction;

  private boolean afterDot;
  private boolean afterAt;
  private boolean separated;
  private boolean several;
  private boolean hidden;
  private boolean strange;
  private boolean writes;
  private boolean locks;
  private boolean here;
  private boolean last;
  private boolean readOnly;
  private boolean userVariable;
  private boolean assigned;
  private boolean called;
  private boolean tracking;
  private Hint hint = Hint.NONE;
  private boolean collates;
  private String collation = "";
  private Set<Pin> pins = NO_PINS;

  private Look(byte[] text, int from, int end, Dialect dialect) {
    this.text = text;
    this.begin = from;
    this.at = from;
    this.end = end;
    this.dialect = dialect;
  }

  /** What the bytes of a text tell. */
  public static Statement at(byte[] text, int from, int to, Dialect dialect) {
    Look look = new Look(text, from, to, dialect);
    look.scan();
    return look.judge();
  }

  private void scan() {
    while (at < end) {
      int c = text[at] & 0xff;
      if (WORD[c]) {
        word();
      } else if (c == '\'' || c == '"' || c == '`') {
        quoted(c);
      } else if (c <= ' ') {
        at++;
      } else if (c == '#' || (c == '-' && beginsLine())) {
        line();
      } else if (c == '/' && next(1) == '*') {
        block();
      } else {
        sign(c);
      }
    }
    writes |= maybeFunction;
  }

  // --- what it comes to

  private Statement judge() {
    boolean mixed = dialect.deceives(text, begin, end);
    Kind kind = mixed ? Kind.OTHER : kind();
    if (userVariable && (assigned || kind == Kind.OTHER)) {
      pin(Pin.USER_VARIABLE);
    }
    if (!pins.isEmpty()) {
      kind = Kind.OTHER;
    }
    boolean setsNames = first == Word.SET && second == Word.NAMES;
    Place place = mixed ? Place.PRIMARY : place(kind);
    if (pins.isEmpty() && !tracking && !setsNames) {
      return Statement.of(kind, place);
    }
    Optional<String> names = setsNames ? Optional.of(collation) : Optional.empty();
    return new Statement(kind, place, pins, names, tracking);
  }

  private Kind kind() {
    if (several || hidden) {
      return Kind.OTHER;
    }
    return switch (first) {
      case SELECT -> clean() ? Kind.READ : Kind.CHANGE;
      // What stands after the table's expression may be a statement that changes it.
      case WITH -> clean() ? Kind.READ : Kind.OTHER;
      // It executes what it analyzes.
      case ANALYZE ->
          second != Word.SELECT && second != Word.FORMAT
              ? Kind.OTHER
              : clean() ? Kind.READ : Kind.CHANGE;
      case EXPLAIN, DESC, DESCRIBE -> clean() ? Kind.READ : Kind.CHANGE;
      case SHOW -> clean() && !asksForLast() ? Kind.READ : Kind.CHANGE;
      case INSERT, UPDATE, DELETE, REPLACE, SAVEPOINT -> Kind.CHANGE;
      case BEGIN -> endsWith(second) ? Kind.BEGIN : Kind.OTHER;
      case START ->
          second != Word.TRANSACTION ? Kind.OTHER : readOnly ? Kind.BEGIN_READ_ONLY : Kind.BEGIN;
      case COMMIT -> endsWith(second) ? Kind.COMMIT : Kind.OTHER;
      // ROLLBACK TO leaves the transaction open, AND CHAIN begins one.
      case ROLLBACK -> endsWith(second) ? Kind.ROLLBACK : Kind.CHANGE;
      case UNLOCK -> Kind.UNLOCK;
      case SET ->
          second == Word.TRANSACTION
              ? Kind.NEXT_TRANSACTION
              : second != Word.STATEMENT && !here && clean() ? Kind.SETTING : Kind.OTHER;
      default -> Kind.OTHER;
    };
  }

  /** Whether nothing more follows a word that begins or ends a transaction. */
  private boolean endsWith(Word word) {
    return (word == Word.NONE || word == Word.WORK) && third == Word.NONE;
  }

  private boolean clean() {
    return !writes && !locks && !strange && !userVariable && !assigned && !called && !last;
  }

  private boolean asksForLast() {
    return second == Word.WARNINGS || second == Word.ERRORS || second == Word.COUNT;
  }

  private Place place(Kind kind) {
    return switch (kind) {
      case READ -> readPlace();
      case CHANGE -> {
        boolean asks = first == Word.SELECT || first == Word.SHOW;
        boolean harmless = asks && !writes && !locks && !userVariable && !assigned;
        if (harmless && (last || (first == Word.SHOW && asksForLast()))) {
          yield hint == Hint.PRIMARY ? Place.PRIMARY : Place.LAST;
        }
        // Whoever hints knows what the stored function does.
        yield harmless && !here && !called && hint == Hint.REPLICA ? Place.REPLICA : Place.PRIMARY;
      }
      case BEGIN_READ_ONLY -> hint == Hint.PRIMARY ? Place.PRIMARY : Place.REPLICA;
      default -> Place.PRIMARY;
    };
  }

  private Place readPlace() {
    if (hint != Hint.NONE) {
      return hint == Hint.REPLICA ? Place.REPLICA : Place.PRIMARY;
    }
    boolean anywhere = !here && (first != Word.SHOW || isShownAnywhere());
    return anywhere ? Place.REPLICA : Place.PRIMARY;
  }

  private boolean isShownAnywhere() {
    Word what = second == Word.FULL ? third : second;
    return switch (what) {
      case SHOWN_ANYWHERE, CHARACTER, CREATE, INDEX, KEYS, PROCEDURE -> true;
      default -> false;
    };
  }

  // --- words

  private void word() {
    token(false);
    int from = at;
    int hash = 0;
    while (at < end && WORD[text[at] & 0xff]) {
      hash = Word.hash(hash, Word.upper(text[at]));
      at++;
    }
    Word word = Word.find(text, from, at, hash);
    named(from, at);
    if (afterAt) {
      // A user variable's name: it means nothing.
      callable = false;
      before = Word.UNKNOWN;
    } else {
      place(word);
      noted(word);
      collates = word == Word.COLLATE;
      callable = afterDot || !word.callsNothing();
      before = word;
    }
    afterAt = false;
    afterDot = false;
  }

  private void place(Word word) {
    if (first == Word.NONE || separated) {
      begins(word);
    } else if (second == Word.NONE) {
      second = word;
    } else if (third == Word.NONE) {
      third = word;
    }
  }

  private void begins(Word word) {
    separated = false;
    if (first == Word.NONE) {
      first = word;
    }
    switch (word) {
      case BACKUP, LOCK -> pin(Pin.TABLE_LOCK);
      case HANDLER -> pin(Pin.HANDLER);
      case PREPARE -> pin(Pin.PREPARED);
      case XA -> pin(Pin.XA);
      default -> {}
    }
  }

  private void noted(Word word) {
    switch (word) {
      case INTO -> assigned = true;
      case UPDATE, DELETE -> writes = true;
      case INSERT, REPLACE -> maybeFunction = true;
      case SHARE -> locks |= before == Word.FOR;
      case LOCK -> {
        locks = true;
        if (first == Word.FLUSH) {
          pin(Pin.TABLE_LOCK);
        }
      }
      case PROCEDURE -> locks |= first != Word.SHOW;
      case VALUE -> called |= before == Word.NEXT || before == Word.PREVIOUS;
      case SEQUENCE -> called = true;
      case HERE, GLOBAL -> here = true;
      case FOUND_ROWS, ROW_COUNT, WARNING_COUNT, ERROR_COUNT -> last = true;
      case ONLY -> readOnly |= before == Word.READ;
      case TEMPORARY -> pin(Pin.TEMPORARY_TABLE);
      case GET_LOCK -> pin(Pin.NAMED_LOCK);
      case PASSWORD -> strange |= first == Word.SET;
      case ROLE -> {
        if (first == Word.SET) {
          pin(Pin.UNKNOWN);
        }
      }
      default -> {}
    }
  }

  private void pin(Pin pin) {
    if (pins.isEmpty()) {
      pins = EnumSet.of(pin);
    } else {
      pins.add(pin);
    }
  }

  // --- all else

  /** Something that is neither blank nor comment begins: what was open before it is decided. */
  private void token(boolean bracket) {
    writes |= maybeFunction && !bracket;
    maybeFunction = false;
    several |= separated;
  }

  /** A name was read, quoted or not. */
  private void named(int from, int to) {
    if (to - from > TRACKING.length() && (text[from] | 0x20) == 's') {
      boolean same = true;
      for (int i = 0; i < TRACKING.length(); i++) {
        same &= (text[from + i] | 0x20) == (TRACKING.charAt(i) | 0x20);
      }
      tracking |= same;
    }
    if (collates) {
      collation =
          new String(text, from, to - from, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
      collates = false;
    }
  }

  private void sign(int c) {
    token(c == '(');
    at++;
    switch (c) {
      case '(' -> strange |= callable;
      case ';' -> separated = first != Word.NONE;
      case '@' -> {
        if (next(0) == '@') {
          at++;
        } else {
          userVariable = true;
          afterAt = true;
        }
      }
      case ':' -> assigned |= next(0) == '=';
      default -> {}
    }
    afterDot = c == '.';
    afterAt &= c == '@';
    callable = false;
    before = Word.NONE;
  }

  private void quoted(int quote) {
    token(false);
    if (first == Word.NONE || separated) {
      begins(Word.UNKNOWN);
    }
    boolean name = quote == '`' || (quote == '"' && dialect.ansiQuotes());
    boolean escapes = !name && dialect.backslashes();
    int from = ++at;
    int to = end;
    while (at < end) {
      int c = text[at++];
      if (c == '\\' && escapes) {
        at++;
      } else if (c == quote) {
        to = at - 1;
        break;
      }
    }
    named(from, to);
    callable = name && !afterAt;
    afterAt = false;
    afterDot = false;
    before = Word.UNKNOWN;
  }

  /** Two dashes are a comment only before a blank, a control character or the end. */
  private boolean beginsLine() {
    int third = next(2);
    return next(1) == '-' && (third <= ' ' || third == DELETE_CHARACTER);
  }

  private void line() {
    int from = text[at] == '#' ? at + 1 : at + 2;
    while (at < end && text[at] != '\n') {
      at++;
    }
    hint = hint.and(Hint.read(text, Math.min(from, at), at));
  }

  /** What stands in a comment that servers execute counts, and makes the whole doubtful. */
  private void block() {
    if (next(2) == '!' || (next(2) == 'M' && next(3) == '!')) {
      hidden = true;
      at += 3;
      return;
    }
    int from = at + 2;
    at = Math.min(from, end);
    while (at < end && !(text[at] == '*' && next(1) == '/')) {
      at++;
    }
    hint = hint.and(Hint.read(text, Math.min(from, at), at));
    at += 2;
  }

  private int next(int distance) {
    return at + distance < end ? text[at + distance] & 0xff : -1;
  }
}
