package dev.regent.server.checkup;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was read of one server.
 *
 * @param user who we are there, as {@code name@host}
 * @param variables all global ones, their names in lower case
 * @param startValues of the variables that a start file or a command line sets: where
 * @param grants as {@code SHOW GRANTS} tells them for us
 * @param channels the rows of {@code SHOW ALL SLAVES STATUS}, by column
 * @param replicationPrivileges what the replication account may do everywhere; empty if we may not
 *     know
 * @param tokenTables those of the ward's that it has
 * @param clockAhead how far its clock is ahead of ours
 */
public record Facts(
    Release release,
    String user,
    Map<String, String> variables,
    Map<String, String> startValues,
    List<String> grants,
    List<Map<String, String>> channels,
    Optional<List<String>> replicationPrivileges,
    Map<String, TokenTable> tokenTables,
    Duration clockAhead) {

  public Facts {
    variables = Map.copyOf(variables);
    startValues = Map.copyOf(startValues);
    grants = List.copyOf(grants);
    channels = channels.stream().map(Facts::sorted).toList();
    replicationPrivileges = replicationPrivileges.map(List::copyOf);
    tokenTables = Map.copyOf(tokenTables);
  }

  private static Map<String, String> sorted(Map<String, String> row) {
    return new TreeMap<>(row);
  }

  /** Empty for a variable that this version does not have. */
  public String text(String name) {
    return variables.getOrDefault(name, "");
  }

  public boolean has(String name) {
    return variables.containsKey(name);
  }

  public boolean on(String name) {
    String text = text(name).toUpperCase(Locale.ROOT);
    return text.equals("ON") || text.equals("1");
  }

  /** Unsigned; 0 for what this version does not have. */
  public long number(String name) {
    String text = text(name);
    return text.matches("\\d{1,20}") ? Long.parseUnsignedLong(text) : 0;
  }

  /** From 12.0.1 on the server answers in words, and only one of them is no (physics 3.3). */
  public boolean readOnly() {
    String text = text("read_only");
    return !text.equals("0") && !text.equalsIgnoreCase("OFF");
  }

  public boolean isReplica() {
    return !channels.isEmpty();
  }

  public boolean sqlThreadRuns() {
    return channels.stream().anyMatch(c -> c.getOrDefault("Slave_SQL_Running", "").equals("Yes"));
  }
}
