package dev.regent.proxy.session;

import dev.regent.proxy.auth.Accounts;
import dev.regent.proxy.auth.NativePassword;
import dev.regent.proxy.session.Statement.Pin;
import dev.regent.proxy.wire.LoginRequest;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.SessionChange;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
          + "session_track_state_change=ON";

  /** Told with every transaction, and nobody can set it. */
  private static final String LAST_GTID = "last_gtid";

  private static final String COLLATION = "collation_connection";

  /** A server has about 400; beyond this something else is going on. */
  private static final int VARIABLES_MAX = 1000;

  private static final int PREPARED_MAX = 1 << 16;

  private final LoginRequest login;
  private final Optional<NativePassword.Digest> once;
  private String database;
  private long insertId;
  private boolean trackingChanged;
  private final Map<String, String> variables = new LinkedHashMap<>();
  private final Set<Pin> pins = EnumSet.noneOf(Pin.class);
  private final Set<Long> prepared = new TreeSet<>();

  Memory(LoginRequest login, Accounts.Verdict.Admitted admitted) {
    this.login = login;
    this.once = admitted.once();
    this.database = login.database();
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
          named = true;
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
    if (something && !named && prepared.isEmpty()) {
      pins.add(Pin.UNKNOWN);
    }
  }

  private void heard(SessionChange.Variable variable) {
    if (variable.name().equals(LAST_GTID) || variable.name().startsWith(Look.TRACKING)) {
      return;
    }
    // Again, so that the order is the one in which they were set last.
    variables.remove(variable.name());
    variables.put(variable.name(), variable.value());
    if (variables.size() > VARIABLES_MAX) {
      pins.add(Pin.UNKNOWN);
    }
  }

  /** What the server will not tell of a statement. */
  void look(Statement statement) {
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

  void prepared(long statement) {
    prepared.add(statement);
    if (prepared.size() > PREPARED_MAX) {
      pins.add(Pin.PREPARED);
    }
  }

  void closed(long statement) {
    prepared.remove(statement);
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
    if (pins.isEmpty() && prepared.isEmpty()) {
      return Optional.empty();
    }
    Set<Pin> all = EnumSet.noneOf(Pin.class);
    all.addAll(pins);
    if (!prepared.isEmpty()) {
      all.add(Pin.PREPARED);
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
