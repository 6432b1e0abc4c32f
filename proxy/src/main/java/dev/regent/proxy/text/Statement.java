package dev.regent.proxy.text;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a statement's text tells without being understood. In doubt it is {@link Kind#OTHER}.
 *
 * @param names the collation that SET NAMES names, or "" for the default one; empty if it is
 *     something else. A server tells of the character sets only.
 * @param tracking it may change what the server tells of its session; the server need not tell that
 */
public record Statement(
    Kind kind, Place place, Set<Pin> pins, Optional<String> names, boolean tracking) {
  public static final Statement OTHER = plain(Kind.OTHER, Place.PRIMARY);

  /** Changes nothing, not even the session, and says nothing of where it may go. */
  public static final Statement NOTHING = plain(Kind.READ, Place.LAST);

  private static final Map<Kind, Map<Place, Statement>> PLAIN = new EnumMap<>(Kind.class);

  static {
    for (Kind kind : Kind.values()) {
      Map<Place, Statement> places = new EnumMap<>(Place.class);
      for (Place place : Place.values()) {
        places.put(place, plain(kind, place));
      }
      PLAIN.put(kind, places);
    }
  }

  public enum Kind {
    /**
     * Changes nothing, in the data or the session: may be sent again. A view counts as a table: it
     * can write by a stored function in it only, which is thought of as a part of the data.
     */
    READ,
    /** Changes data, and cannot end the transaction that it is in. */
    CHANGE,
    /** Begins a transaction, and does nothing else. */
    BEGIN,
    /** Begins one that cannot change anything. */
    BEGIN_READ_ONLY,
    /** Ends a transaction, and does nothing else. */
    COMMIT,
    /** Takes the transaction back: the same as its loss. */
    ROLLBACK,
    /** Says how the next transaction is to be, and no later one. */
    NEXT_TRANSACTION,
    /**
     * Sets variables of the session and does nothing else, if no transaction is open: where the
     * session is lost with it, it was never executed.
     */
    SETTING,
    /** Locked tables are free again. */
    UNLOCK,
    /** Anything, a commit too. */
    OTHER
  }

  /** Where it may go, while no transaction is open and the session is free to choose. */
  public enum Place {
    PRIMARY,
    /** A replica will do. */
    REPLICA,
    /** It asks about the statement before it. */
    LAST
  }

  /** What ties a session to its server, since it cannot be made anew on another one. */
  public enum Pin {
    USER_VARIABLE("user variables"),
    TEMPORARY_TABLE("temporary tables"),
    TABLE_LOCK("locked tables"),
    NAMED_LOCK("named locks"),
    PREPARED("prepared statements"),
    LONG_DATA("parameters sent ahead of an execution"),
    CURSOR("an open cursor"),
    HANDLER("open handlers"),
    XA("a distributed transaction"),
    EXPIRED("an expired password"),
    UNKNOWN("state without a name");

    private final String words;

    Pin(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /** The same, but bound to the primary. */
  public Statement atPrimary() {
    return new Statement(kind, Place.PRIMARY, pins, names, tracking);
  }

  /** One that ties nothing, names nothing and hides nothing: it is always the same object. */
  static Statement of(Kind kind, Place place) {
    return Objects.requireNonNull(Objects.requireNonNull(PLAIN.get(kind)).get(place));
  }

  private static Statement plain(Kind kind, Place place) {
    return new Statement(kind, place, EnumSet.noneOf(Pin.class), Optional.empty(), false);
  }
}
