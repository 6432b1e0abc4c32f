package dev.regent.lab.check;

import dev.regent.core.model.GtidState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a server was when all was over, as it says itself.
 *
 * @param log its {@code @@gtid_binlog_state}
 * @param checksums of every table that is replicated
 * @param rows the keys of the ledger's rows; of the primary and of servers that are held out
 * @param heldOut the transactions for which the manager holds it out, as the manager writes them;
 *     empty if it does not
 */
public record Standing(
    String server,
    boolean writable,
    GtidState log,
    Map<String, String> checksums,
    Set<Long> rows,
    Optional<List<String>> heldOut) {
  public Standing {
    checksums = new TreeMap<>(checksums);
    rows = Set.copyOf(rows);
    heldOut = heldOut.map(List::copyOf);
  }

  /** The transactions that only it has. */
  List<GtidState.Range> ownAgainst(Standing primary) {
    return log.beyond(primary.log());
  }
}
