package dev.regent.server.doctor;

import dev.regent.server.checkup.Facts;
import dev.regent.server.checkup.Release;
import dev.regent.server.checkup.TokenTable;
import dev.regent.server.connect.Channels;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Quoted;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Reads what a checkup needs of one server, and changes nothing. What our account may not read is
 * left out: that it may not is a finding of its own.
 */
final class Examiner {
  private static final String START_VALUES =
      "SELECT LOWER(VARIABLE_NAME), GLOBAL_VALUE_ORIGIN FROM information_schema.SYSTEM_VARIABLES"
          + " WHERE GLOBAL_VALUE_ORIGIN IS NOT NULL";

  private final Link link;
  private final Deadline deadline;
  private final Asked asked;

  /**
   * What the configuration says, and a server is asked about.
   *
   * @param tokenTables what listeners name as {@code commit_token}
   */
  record Asked(String replicationUser, SortedSet<String> tokenTables) {}

  private Examiner(Link link, Deadline deadline, Asked asked) {
    this.link = link;
    this.deadline = deadline;
    this.asked = asked;
  }

  static Facts read(Link link, Deadline deadline, Asked asked) throws LinkException {
    return new Examiner(link, deadline, asked).read();
  }

  private Facts read() throws LinkException {
    Duration clockAhead = clockAhead();
    Map<String, String> variables = link.read("SHOW GLOBAL VARIABLES", deadline, this::pairs);
    return new Facts(
        Release.parse(variables.getOrDefault("version", "")),
        link.value("SELECT CURRENT_USER()", deadline).orElse(""),
        variables,
        link.read(START_VALUES, deadline, this::pairs),
        link.column("SHOW GRANTS", deadline),
        allowed(() -> link.read(Channels.SQL, deadline, this::rows)).orElse(List.of()),
        replicationPrivileges(),
        tokenTables(),
        clockAhead);
  }

  /** Taken for the middle of the question's way there and back. */
  private Duration clockAhead() throws LinkException {
    long sent = System.nanoTime();
    Instant before = Instant.now();
    String text = link.value("SELECT UTC_TIMESTAMP(6)", deadline).orElse("");
    Duration way = Duration.ofNanos(System.nanoTime() - sent);
    Instant theirs = LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
    return Duration.between(before.plus(way.dividedBy(2)), theirs);
  }

  private Map<String, TokenTable> tokenTables() throws LinkException {
    Map<String, TokenTable> tables = new HashMap<>();
    for (String name : asked.tokenTables()) {
      TokenLook.of(link, deadline, name).read().ifPresent(table -> tables.put(name, table));
    }
    return tables;
  }

  private Optional<List<String>> replicationPrivileges() throws LinkException {
    String replicationUser = asked.replicationUser();
    String exists = "SELECT COUNT(*) FROM mysql.user WHERE User=" + Quoted.text(replicationUser);
    if (allowed(() -> link.value(exists, deadline)).isEmpty()) {
      return Optional.empty();
    }
    // A grantee is written as 'user'@'host', and host has no quote in it.
    String all =
        "SELECT DISTINCT PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES WHERE"
            + " SUBSTRING_INDEX(GRANTEE, '@', 1)="
            + Quoted.text("'" + replicationUser + "'");
    return Optional.of(link.column(all, deadline));
  }

  private interface Question<T> {
    T ask() throws LinkException;
  }

  /** Empty if our account may not. */
  private static <T> Optional<T> allowed(Question<T> question) throws LinkException {
    try {
      return Optional.of(question.ask());
    } catch (LinkException e) {
      if (e.answered()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Map<String, String> pairs(ResultSet rows) throws SQLException {
    Map<String, String> pairs = new HashMap<>();
    while (rows.next()) {
      pairs.put(
          rows.getString(1).toLowerCase(Locale.ROOT),
          Optional.ofNullable(rows.getString(2)).orElse(""));
    }
    return pairs;
  }

  /** A connection that was made without a source, or forgotten, is none. */
  private List<Map<String, String>> rows(ResultSet rows) throws SQLException {
    ResultSetMetaData meta = rows.getMetaData();
    List<Map<String, String>> all = new ArrayList<>();
    while (rows.next()) {
      Map<String, String> row = new HashMap<>();
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        row.put(meta.getColumnLabel(i), Optional.ofNullable(rows.getString(i)).orElse(""));
      }
      if (!row.getOrDefault("Master_Host", "").isBlank()) {
        all.add(row);
      }
    }
    return all;
  }
}
