package dev.regent.proxy.session;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a statement's text tells without being understood. In doubt it is {@link Kind#OTHER}.
 *
 * @param names the collation that SET NAMES names, or "" for the default one; empty if it is
 *     something else. A server tells of the character sets only.
 * @param tracking it may change what the server tells of its session; the server need not tell that
 */
record Statement(Kind kind, Set<Pin> pins, Optional<String> names, boolean tracking) {
  static final Statement OTHER =
      new Statement(Kind.OTHER, EnumSet.noneOf(Pin.class), Optional.empty(), false);

  enum Kind {
    /** Changes nothing, in the data or the session: may be sent again. */
    READ,
    /** Changes data, and cannot end the transaction that it is in. */
    CHANGE,
    /** Begins a transaction, and does nothing else. */
    BEGIN,
    /** Takes the transaction back: the same as its loss. */
    ROLLBACK,
    /** Locked tables are free again. */
    UNLOCK,
    /** Anything, a commit too. */
    OTHER
  }

  /** What ties a session to its server, since it cannot be made anew on another one. */
  enum Pin {
    USER_VARIABLE("user variables"),
    TEMPORARY_TABLE("temporary tables"),
    TABLE_LOCK("locked tables"),
    NAMED_LOCK("named locks"),
    PREPARED("prepared statements"),
    HANDLER("open handlers"),
    XA("a distributed transaction"),
    EXPIRED("an expired password"),
    UNKNOWN("state without a name");

    private final String words;

    Pin(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }
}
