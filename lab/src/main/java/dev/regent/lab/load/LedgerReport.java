package dev.regent.lab.load;

import dev.regent.lab.load.Write.Outcome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The account that a ledger gives: every write, in the order of the answers.
 *
 * @param firstClient of these clients the rows are ours
 * @param writes ordered by {@link Write#endedNanos}
 */
public record LedgerReport(int firstClient, int clients, List<Write> writes) {

  /** A time in which no write was acknowledged, between two that were. */
  public record Gap(Write lastBefore, Write firstAfter) {
    public Duration length() {
      return Duration.ofNanos(firstAfter.endedNanos() - lastBefore.endedNanos());
    }
  }

  /**
   * What a server holds against what the clients were told.
   *
   * @param lost acknowledged, and not there: must be empty where no loss is promised
   * @param unknownPresent sent, not answered, and there
   * @param unknownAbsent sent, not answered, and not there
   * @param failedPresent refused, and there all the same: somebody told a client the wrong thing
   */
  public record Verdict(
      int acknowledged,
      List<Write> lost,
      List<Write> unknownPresent,
      List<Write> unknownAbsent,
      List<Write> failedPresent) {}

  public LedgerReport {
    writes = List.copyOf(writes);
  }

  public List<Write> of(Outcome outcome) {
    return writes.stream().filter(write -> write.outcome() == outcome).toList();
  }

  public long count(Outcome outcome) {
    return writes.stream().filter(write -> write.outcome() == outcome).count();
  }

  /** The longest gap that ended after this moment, e.g. the moment of a kill. */
  public Optional<Gap> longestGapAfter(long nanos) {
    List<Write> acknowledged = of(Outcome.OK);
    Optional<Gap> longest = Optional.empty();
    for (int i = 1; i < acknowledged.size(); i++) {
      Gap gap = new Gap(acknowledged.get(i - 1), acknowledged.get(i));
      boolean after = gap.firstAfter().endedNanos() - nanos > 0;
      if (after && longest.map(l -> gap.length().compareTo(l.length()) > 0).orElse(true)) {
        longest = Optional.of(gap);
      }
    }
    return longest;
  }

  public Optional<Gap> longestGap() {
    return writes.isEmpty() ? Optional.empty() : longestGapAfter(writes.getFirst().startedNanos());
  }

  /** The longest that a client waited for one OK: what a pause without errors looks like to it. */
  public Duration slowestAcknowledged() {
    return of(Outcome.OK).stream()
        .map(write -> Duration.ofNanos(write.endedNanos() - write.startedNanos()))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** Compares with what this server holds; the connection needs SELECT on the table. */
  public Verdict against(Connection connection) throws SQLException {
    Set<Long> present = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                // The client is the upper half of a row's key: this reads a part of the table.
                "SELECT id FROM shop.orders WHERE id BETWEEN %d AND %d"
                    .formatted(
                        (long) firstClient << 32, (((long) firstClient + clients) << 32) - 1))) {
      while (rows.next()) {
        present.add(rows.getLong(1));
      }
    }
    return against(present);
  }

  Verdict against(Set<Long> present) {
    return new Verdict(
        (int) count(Outcome.OK),
        which(Outcome.OK, present, false),
        which(Outcome.UNKNOWN, present, true),
        which(Outcome.UNKNOWN, present, false),
        which(Outcome.FAIL, present, true));
  }

  private List<Write> which(Outcome outcome, Set<Long> present, boolean there) {
    return of(outcome).stream().filter(write -> present.contains(write.id()) == there).toList();
  }

  /** One line for people. */
  public String summary() {
    return "%d acknowledged, %d failed, %d unknown; longest time without an acknowledgement: %s"
        .formatted(
            count(Outcome.OK),
            count(Outcome.FAIL),
            count(Outcome.UNKNOWN),
            longestGap().map(gap -> gap.length().toMillis() + " ms").orElse("not known"));
  }
}
