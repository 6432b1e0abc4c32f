package dev.regent.proxy.session;

import dev.regent.proxy.auth.Accounts;
import dev.regent.proxy.auth.Identity;
import dev.regent.proxy.fleet.Position;
import dev.regent.proxy.fleet.Positions;
import dev.regent.proxy.text.Dialect;
import dev.regent.proxy.text.Look;
import dev.regent.proxy.text.Statement;
import dev.regent.proxy.text.Statement.Pin;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.LoginRequest;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.SessionChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
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

  /** Any other value of it takes no writes (physics 3.3). */
  private static final String OPEN = "CAST(@@global.read_only AS CHAR) IN ('0','OFF')";

  private static final String PLAIN = "@@global.init_connect=''";
  private static final String MODE = "sql_mode";
  private static final String CHARSET = "character_set_client";

  /** Told with every transaction, and nobody can set it. */
  private static final String LAST_GTID = "last_gtid";

  private static final String COLLATION = "collation_connection";

  /** A server has about 400; beyond this something else is going on. */
  private static final int VARIABLES_MAX = 1000;

  private LoginRequest login;
  private final Identity identity;
  private String database;
  private long insertId;

  /** No reset takes that back. */
  private boolean unforgettable;

  private boolean trackingChanged;
  private Dialect dialect;
  private boolean autocommits = true;

  /** Grows with each change; what a variable, or the database, was at its own last one. */
  private long version;

  private long databaseVersion;
  private Positions written = Positions.NONE;
  private final Map<String, Variable> variables = new LinkedHashMap<>();
  private final Set<Pin> pins = EnumSet.noneOf(Pin.class);
  private final Prepared prepared = new Prepared();

  private record Variable(String value, long version) {}

  Memory(LoginRequest login, Accounts.Verdict.Admitted admitted) {
    this.login = login;
    this.identity = admitted.identity();
    this.database = login.database();
    this.dialect = Dialect.USUAL.withCollation(login.charset());
  }

  /**
   * {@link #TELL_ALL} on a connection that begins.
   *
   * @param leads it fails if the server takes no writes
   * @param reused the connection was another session's. What a server does by itself for a client
   *     that connects it does not do for one that takes over (measured, 10.11 and 11.4): so that is
   *     done here. It fails if more would be done
   */
  static String tellAll(boolean leads, boolean reused, long capabilities) {
    if (!reused) {
      return leads ? unless(OPEN) : TELL_ALL;
    }
    String all = unless(leads ? PLAIN + " AND " + OPEN : PLAIN);
    if (Capability.has(capabilities, Capability.IGNORE_SPACE)) {
      all = all.replace("=@@sql_mode", "=CONCAT_WS(',',NULLIF(@@sql_mode,''),'IGNORE_SPACE')");
    }
    return Capability.has(capabilities, Capability.INTERACTIVE)
        ? all + ",wait_timeout=@@global.interactive_timeout"
        : all;
  }

  /** There is no variable without a value, so the statement fails. */
  private static String unless(String holds) {
    return TELL_ALL.replace("'*'", "IF(" + holds + ",'*',NULL)");
  }

  /** What the text of a statement tells, framed, as the session's server would read it. */
  Statement look(byte[] command) {
    return Look.at(command, PacketWriter.HEADER + 1, command.length, dialect);
  }

  LoginRequest login() {
    return login;
  }

  Identity identity() {
    return identity;
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
          databaseVersion = ++version;
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
    if (variable.name().equals(LAST_GTID)) {
      Position.parse(variable.value()).ifPresent(p -> written = written.with(p));
      return;
    }
    unforgettable |= outlastsReset(variable.name());
    if (variable.name().startsWith(Look.TRACKING)) {
      return;
    }
    spoken(variable);
    put(variable.name(), variable.value());
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
          && !variables.containsKey(MODE)) {
        // Not a change: whoever told it has it, and others hear all when they are connected to.
        variables.put(MODE, new Variable(told.value(), version));
        spoken(told);
      }
    }
  }

  private void put(String name, String value) {
    // Again, so that the order is the one in which they were set last.
    variables.remove(name);
    variables.put(name, new Variable(value, ++version));
  }

  private void spoken(SessionChange.Variable variable) {
    switch (variable.name()) {
      case MODE -> dialect = dialect.withMode(variable.value());
      case CHARSET -> dialect = dialect.withCharset(variable.value());
      case "autocommit" -> autocommits = !variable.value().equalsIgnoreCase("OFF");
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
      put(COLLATION, collation);
    }
  }

  /** COM_RESET_CONNECTION: everything but the user and the database is as in the beginning. */
  void reset() {
    variables.clear();
    pins.clear();
    prepared.clear();
    insertId = 0;
    autocommits = true;
    version++;
    dialect = Dialect.USUAL.withCollation(login.charset());
    trackingChanged = true;
  }

  /** Whether the server no longer tells all; asking resets it. */
  boolean takeTrackingChanged() {
    boolean changed = trackingChanged;
    trackingChanged = false;
    return changed;
  }

  /**
   * COM_SET_OPTION changes what its login said, for good: no reset, no other user takes it back.
   */
  void takesManyStatements(boolean many) {
    login = login.withManyStatements(many);
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

  /**
   * What stays with the connection though the variable is reset (source of 11.4): the texts that
   * were profiled, and the limits of its socket. And what keeps a server from telling of those.
   */
  private static boolean outlastsReset(String name) {
    return name.startsWith("profiling")
        || name.startsWith("net_")
        || name.startsWith(Look.TRACKING);
  }

  /** Whether a server that is told to forget the session forgets all of it. */
  boolean canBeForgotten() {
    return !unforgettable && !pins.contains(Pin.XA) && !pins.contains(Pin.EXPIRED);
  }

  /** Whether any server will do for what only reads: nothing is tied to one, each one commits. */
  boolean isFree() {
    return pins.isEmpty() && autocommits;
  }

  /** A server's whole log, which has all that the session wrote in it. */
  void learned(String positions) {
    for (String one : positions.split(",")) {
      Position.parse(one.strip()).ifPresent(p -> written = written.with(p));
    }
  }

  /** What it has written last, as far as its servers told. */
  Positions written() {
    return written;
  }

  long version() {
    return version;
  }

  /** Ends well once a server has these transactions, and fails if it is not so in time. */
  static String awaiting(Positions positions, Duration time) {
    return String.format(
        Locale.ROOT,
        "BEGIN NOT ATOMIC IF NOT (MASTER_GTID_WAIT('%s', %.3f) <=> 0) THEN SIGNAL SQLSTATE"
            + " '45000' SET MESSAGE_TEXT='late'; END IF; END",
        positions.text(),
        time.toMillis() / 1000.0);
  }

  /** The number that a row was given last. */
  long insertId() {
    return insertId;
  }

  /**
   * What makes a fresh session like this one.
   *
   * @param given the number that a row was given last before it goes on there
   */
  List<String> restoring(long given) {
    return restoring(-1, given != 0, given);
  }

  /** What makes a session like this one that was so at an earlier version. */
  List<String> changedSince(long earlier) {
    return restoring(earlier, false, 0);
  }

  /** The same, where a row was given another number last. */
  List<String> changedSince(long earlier, long given) {
    return restoring(earlier, true, given);
  }

  private List<String> restoring(long since, boolean tellsNumber, long given) {
    Map<String, String> settings = new LinkedHashMap<>();
    variables.forEach((name, variable) -> add(settings, name, variable, since, false));
    // Setting a character set also sets its collation: collations come after it.
    variables.forEach((name, variable) -> add(settings, name, variable, since, true));
    if (tellsNumber) {
      settings.put("last_insert_id", Long.toUnsignedString(given));
    }
    List<String> all = new ArrayList<>();
    // A fresh one logs in to its database.
    if (since >= 0 && databaseVersion > since && !database.isEmpty()) {
      all.add("USE `" + database.replace("`", "``") + "`");
    }
    if (!settings.isEmpty()) {
      all.add(
          settings.entrySet().stream()
              .map(e -> "@@session." + e.getKey() + "=" + e.getValue())
              .collect(Collectors.joining(",", "SET ", "")));
    }
    return all;
  }

  private static void add(
      Map<String, String> settings,
      String name,
      Variable variable,
      long since,
      boolean collations) {
    if (variable.version() > since && name.startsWith("collation_") == collations) {
      settings.put(name, literal(name, variable.value()));
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
