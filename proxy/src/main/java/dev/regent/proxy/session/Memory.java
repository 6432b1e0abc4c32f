package dev.regent.proxy.session;

import dev.regent.proxy.auth.Accounts;
import dev.regent.proxy.auth.NativePassword;
import dev.regent.proxy.text.Dialect;
import dev.regent.proxy.text.Look;
import dev.regent.proxy.text.Statement;
import dev.regent.proxy.text.Statement.Pin;
import dev.regent.proxy.wire.LoginRequest;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.SessionChange;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What must be the same on another server before a session can go on there: who it is, its database
 * and its variables, as the server told them; and what it has that cannot be made anew.
 */
final class Memory {
  /**
   * Sent once to each server. Without it a server tells of few variables, and not of what else
   * changed.
   */
  static final String TELL_ALL =
      "SET session_track_system_variables='*',session_track_schema=ON,"
          // What is set is told: so this asks for it.
          + "session_track_state_change=ON,sql_mode=@@sql_mode";

  private static final String MODE = "sql_mode";
  private static final String CHARSET = "character_set_client";

  /** Told with every transaction, and nobody can set it. */
  private static final String LAST_GTID = "last_gtid";

  private static final String COLLATION = "collation_connection";

  /** A server has about 400; beyond this something else is going on. */
  private static final int VARIABLES_MAX = 1000;

  private final LoginRequest login;
  private final Optional<NativePassword.Digest> once;
  private String database;
  private long insertId;
  private boolean trackingChanged;
  private Dialect dialect;
  private final Map<String, String> variables = new LinkedHashMap<>();
  private final Set<Pin> pins = EnumSet.noneOf(Pin.class);
  private final Prepared prepared = new Prepared();

  Memory(LoginRequest login, Accounts.Verdict.Admitted admitted) {
    this.login = login;
    this.once = admitted.once();
    this.database = login.database();
    this.dialect = Dialect.USUAL.withCollation(login.charset());
  }

  /** What the text of a statement tells, as the session's server would read it. */
  Statement look(byte[] text) {
    return Look.at(text, 0, text.length, dialect);
  }

  LoginRequest login() {
    return login;
  }

  Optional<NativePassword.Digest> once() {
    return once;
  }

  String database() {
    return database;
  }

  /** Whether something was written to the binary log. */
  static boolean tellsOfTransaction(Ok ok) {
    for (SessionChange change : ok.changes()) {
      if (change instanceof SessionChange.Variable told && told.name().equals(LAST_GTID)) {
        return true;
      }
    }
    return false;
  }

  /** An OK tells of changes, and of the number that a row was given. */
  void heard(Ok ok) {
    if (ok.insertId() != 0) {
      insertId = ok.insertId();
    }
    boolean something = false;
    boolean named = false;
    for (SessionChange change : ok.changes()) {
      switch (change) {
        case SessionChange.Variable variable -> {
          // This one is no state of the session: something else changed beside it.
          named |= !variable.name().equals(LAST_GTID);
          heard(variable);
        }
        case SessionChange.Database now -> {
          named = true;
          database = now.name();
        }
        case SessionChange.Something some -> something = true;
        case SessionChange.Other other -> {}
      }
    }
    if (something && !named) {
      pins.add(Pin.UNKNOWN);
    }
  }

  private void heard(SessionChange.Variable variable) {
    if (variable.name().equals(LAST_GTID) || variable.name().startsWith(Look.TRACKING)) {
      return;
    }
    spoken(variable);
    // Again, so that the order is the one in which they were set last.
    variables.remove(variable.name());
    variables.put(variable.name(), variable.value());
    if (variables.size() > VARIABLES_MAX) {
      pins.add(Pin.UNKNOWN);
    }
  }

  /**
   * An OK to an errand. It tells of what the session has already, but for the mode that its first
   * server began with: texts are read by it, so it is the session's from then on.
   */
  void heardFirst(Ok ok) {
    for (SessionChange change : ok.changes()) {
      if (change instanceof SessionChange.Variable told
          && told.name().equals(MODE)
          && variables.putIfAbsent(MODE, told.value()) == null) {
        spoken(told);
      }
    }
  }

  private void spoken(SessionChange.Variable variable) {
    switch (variable.name()) {
      case MODE -> dialect = dialect.withMode(variable.value());
      case CHARSET -> dialect = dialect.withCharset(variable.value());
      default -> {}
    }
  }

  /** What the server will not tell of a statement. */
  void leaves(Statement statement) {
    pins.addAll(statement.pins());
    trackingChanged |= statement.tracking();
  }

  /** The server executes nothing before the password is changed, so it does not tell of changes. */
  void confined() {
    pins.add(Pin.EXPIRED);
  }

  void unpin(Pin pin) {
    pins.remove(pin);
  }

  void pin(Pin pin) {
    pins.add(pin);
  }

  Prepared prepared() {
    return prepared;
  }

  /** SET NAMES was executed; a server tells of all that it sets but the collation. */
  void names(String collation) {
    variables.remove(COLLATION);
    if (!collation.isEmpty()) {
      variables.put(COLLATION, collation);
    }
  }

  /** COM_RESET_CONNECTION: everything but the user and the database is as in the beginning. */
  void reset() {
    variables.clear();
    pins.clear();
    prepared.clear();
    insertId = 0;
    dialect = Dialect.USUAL.withCollation(login.charset());
    trackingChanged = true;
  }

  /** Whether the server no longer tells all; asking resets it. */
  boolean takeTrackingChanged() {
    boolean changed = trackingChanged;
    trackingChanged = false;
    return changed;
  }

  /** Why the session cannot move, in words; empty if it can. */
  Optional<String> pinned() {
    Set<Pin> all = EnumSet.noneOf(Pin.class);
    all.addAll(pins);
    if (prepared.isTooMuch()) {
      all.add(Pin.PREPARED);
    }
    if (prepared.hasLongData()) {
      all.add(Pin.LONG_DATA);
    }
    if (prepared.hasCursor()) {
      all.add(Pin.CURSOR);
    }
    if (all.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(all.stream().map(Pin::words).collect(Collectors.joining(", ")));
  }

  /** What makes a fresh session like this one; empty if nothing has to be said. */
  Optional<String> restoring() {
    Map<String, String> settings = new LinkedHashMap<>();
    variables.forEach((name, value) -> add(settings, name, value, false));
    // Setting a character set also sets its collation: collations come after it.
    variables.forEach((name, value) -> add(settings, name, value, true));
    if (insertId != 0) {
      settings.put("last_insert_id", Long.toUnsignedString(insertId));
    }
    if (settings.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        settings.entrySet().stream()
            .map(e -> "@@session." + e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(",", "SET ", "")));
  }

  private static void add(
      Map<String, String> settings, String name, String value, boolean collations) {
    if (name.startsWith("collation_") == collations) {
      settings.put(name, literal(name, value));
    }
  }

  private static String literal(String name, String value) {
    if (value.matches("-?\\d{1,20}(\\.\\d{1,10})?")) {
      return value;
    }
    if (value.isEmpty() && name.toLowerCase(Locale.ROOT).equals("character_set_results")) {
      return "NULL";
    }
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
