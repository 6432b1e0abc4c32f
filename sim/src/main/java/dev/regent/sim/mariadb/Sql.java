package dev.regent.sim.mariadb;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.GtidPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the SQL that the core's steps show and the executor sends, so that the simulated server is
 * told the very same; and what a contract with a real server needs. Anything else is an error, not
 * a guess.
 */
public final class Sql {
  public static final Statement READ_ONLY = parse("SET GLOBAL read_only=1");
  private static final long SECOND = 1_000_000_000L;

  private final String text;
  private int at;

  private Sql(String text) {
    this.text = text;
  }

  /** Throws {@link IllegalArgumentException} on what it does not know. */
  public static Statement parse(String text) {
    return new Sql(text.strip()).statement();
  }

  private IllegalArgumentException unknown() {
    return new IllegalArgumentException("the simulated server does not know: " + text);
  }

  // --- words

  private void space() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private boolean take(String words) {
    space();
    if (text.regionMatches(true, at, words, 0, words.length())) {
      int end = at + words.length();
      boolean whole =
          end == text.length()
              || !Character.isLetterOrDigit(words.charAt(words.length() - 1))
              || !(Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_');
      if (whole) {
        at = end;
        return true;
      }
    }
    return false;
  }

  private boolean ends() {
    space();
    return at >= text.length();
  }

  private boolean quoteAhead() {
    space();
    return at < text.length() && text.charAt(at) == '\'';
  }

  private String quoted() {
    StringBuilder value = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\'') {
        if (at < text.length() && text.charAt(at) == '\'') {
          at++;
        } else {
          return value.toString();
        }
      }
      value.append(c);
    }
    throw unknown();
  }

  /** A quoted text, or everything up to the next comma, bracket or blank. */
  private String value() {
    if (quoteAhead()) {
      return quoted();
    }
    int from = at;
    while (at < text.length() && ",() \n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(from, at);
  }

  private long number() {
    try {
      return Long.parseUnsignedLong(value());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a number in: " + text, e);
    }
  }

  // --- statements

  private Statement statement() {
    if (take("STOP SLAVE")) {
      String name = name();
      Threads threads = threads();
      return new Statement.StopReplica(name, threads.io(), threads.sql());
    }
    if (take("START SLAVE")) {
      String name = name();
      Threads threads = threads();
      return new Statement.StartReplica(name, threads.io(), threads.sql());
    }
    if (take("RESET SLAVE")) {
      String name = name();
      return new Statement.ResetReplica(name, take("ALL"));
    }
    if (take("RESET MASTER")) {
      return new Statement.ResetLog();
    }
    if (take("CHANGE MASTER")) {
      return changeSource();
    }
    if (take("SET GLOBAL")) {
      return setGlobal();
    }
    if (take("SET SESSION")) {
      String[] parts = text.substring(at).split("=", 2);
      return new Statement.SetSession(parts[0].strip().toLowerCase(Locale.ROOT), parts[1].strip());
    }
    if (take("KILL")) {
      take("HARD");
      boolean connection = !take("QUERY");
      take("CONNECTION");
      return new Statement.Kill(number(), connection);
    }
    return take("FLUSH") ? flush() : data();
  }

  private String name() {
    return quoteAhead() ? quoted() : "";
  }

  private record Threads(boolean io, boolean sql) {}

  private Threads threads() {
    boolean io = take("IO_THREAD");
    boolean sql = take("SQL_THREAD");
    if (!ends()) {
      throw unknown();
    }
    return io || sql ? new Threads(io, sql) : new Threads(true, true);
  }

  private Statement flush() {
    if (take("TABLES WITH READ LOCK")) {
      return new Statement.LockAll(Long.MAX_VALUE / 4);
    }
    boolean quiet = take("NO_WRITE_TO_BINLOG") || take("LOCAL");
    boolean logsOnly = take("BINARY LOGS") || take("LOGS");
    return new Statement.Flush(!quiet && !logsOnly);
  }

  private Statement data() {
    if (take("UNLOCK TABLES")) {
      return new Statement.UnlockTables();
    }
    if (take("CREATE DATABASE") || take("ALTER TABLE")) {
      return new Statement.Alter(0);
    }
    if (take("CREATE TABLE IF NOT EXISTS regent.reign")) {
      return new Statement.CreateReigns();
    }
    if (take("INSERT INTO regent.reign")
        && take("(cluster, epoch, server, gtid_before) VALUES (")) {
      value();
      take(",");
      long epoch = number();
      take(",");
      return new Statement.InsertReign(epoch, value());
    }
    if (take("BEGIN")) {
      return new Statement.Begin();
    }
    if (take("COMMIT")) {
      return new Statement.Commit();
    }
    if (take("ROLLBACK")) {
      return new Statement.Rollback();
    }
    if (take("DO 0")) {
      return new Statement.Nothing();
    }
    throw unknown();
  }

  private Statement setGlobal() {
    List<Statement.Setting> settings = new ArrayList<>();
    do {
      take("GLOBAL");
      space();
      int equals = text.indexOf('=', at);
      if (equals < 0) {
        throw unknown();
      }
      String name = text.substring(at, equals).strip().toLowerCase(Locale.ROOT);
      at = equals + 1;
      settings.add(new Statement.Setting(name, value()));
    } while (take(","));
    if (!ends()) {
      throw unknown();
    }
    return new Statement.SetGlobal(settings);
  }

  private Statement changeSource() {
    String name = name();
    if (!take("TO")) {
      throw unknown();
    }
    SortedMap<String, String> named = new TreeMap<>();
    do {
      space();
      int equals = text.indexOf('=', at);
      String key = text.substring(at, equals).strip().toUpperCase(Locale.ROOT);
      at = equals + 1;
      named.put(key, value());
    } while (take(","));
    Optional<Endpoint> source =
        Optional.ofNullable(named.get("MASTER_HOST"))
            .map(host ->
                new Endpoint(host, Integer.parseInt(named.getOrDefault("MASTER_PORT", "3306"))));
    return new Statement.ChangeSource(
        name,
        source,
        Optional.ofNullable(named.get("MASTER_USER")),
        Optional.ofNullable(named.get("MASTER_USE_GTID")).map(how -> !how.equals("no")),
        Optional.ofNullable(named.get("RELAY_LOG_FILE")),
        seconds(named.get("RELAY_LOG_POS"), 1),
        seconds(named.get("MASTER_CONNECT_RETRY"), SECOND),
        seconds(named.get("MASTER_HEARTBEAT_PERIOD"), SECOND),
        seconds(named.get("MASTER_DELAY"), SECOND));
  }

  private static OptionalLong seconds(@Nullable String text, long unit) {
    return text == null
        ? OptionalLong.empty()
        : OptionalLong.of(Math.round(Double.parseDouble(text) * unit));
  }

  /** {@code MASTER_GTID_WAIT(position, seconds)}, which is no statement of its own. */
  public static Statement waitFor(GtidPosition position, long nanos) {
    return new Statement.WaitReplicated(position, nanos);
  }
}
