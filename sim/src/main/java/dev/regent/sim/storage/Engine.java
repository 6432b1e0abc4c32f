package dev.regent.sim.storage;

import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidPosition;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The storage engine: what is committed, in order, and how much of it a crash of the process
 * leaves. {@code gtid_slave_pos} is a table of it, so it goes back with the rest.
 */
public final class Engine {
  /**
   * One commit.
   *
   * @param replicated moves {@code gtid_slave_pos}
   * @param at when
   * @param effective false: a replica's own event came back and was skipped; only the position
   *     moved (physics 5.3)
   */
  private record Commit(Transaction transaction, boolean replicated, boolean effective, long at) {}

  private final List<Commit> commits = new ArrayList<>();
  private final BitSet rows = new BitSet();
  private final SortedMap<Long, String> reigns = new TreeMap<>();
  private final Heads replicated = new Heads();
  private final Tails committed = new Tails();

  /** What it had before the first commit: a copy of another server. */
  private final BitSet baseRows = new BitSet();

  private final SortedMap<Long, String> baseReigns = new TreeMap<>();
  private final Tails baseCommitted = new Tails();
  private GtidPosition basePosition = GtidPosition.EMPTY;
  private boolean baseReignTable;
  private boolean reignTable;
  private int flushed;

  public void commit(Transaction transaction, boolean byReplication, long now) {
    add(new Commit(transaction, byReplication, true, now));
  }

  /** Replication passes over a transaction without executing it. */
  public void skip(Transaction transaction, long now) {
    add(new Commit(transaction, true, false, now));
  }

  private void add(Commit commit) {
    commits.add(commit);
    apply(commit);
  }

  private void apply(Commit commit) {
    Transaction transaction = commit.transaction();
    if (commit.replicated()) {
      replicated.put(transaction.gtid());
    }
    if (!commit.effective()) {
      return;
    }
    committed.put(transaction.gtid());
    switch (transaction.kind()) {
      case WRITE -> rows.set((int) transaction.row());
      case DELETE -> rows.clear((int) transaction.row());
      case REIGN_TABLE -> reignTable = true;
      case REIGN -> reigns.put(transaction.epoch(), transaction.owner());
      case DDL, NOTHING -> {}
    }
  }

  public int size() {
    return commits.size();
  }

  public int flushed() {
    return flushed;
  }

  /** All that is committed survives a crash of the process from now on. */
  public void flush() {
    flushed = commits.size();
  }

  /** A background thread flushed what was committed until then. */
  public void flushUntil(long time) {
    while (flushed < commits.size() && commits.get(flushed).at() <= time) {
      flushed++;
    }
  }

  /** A crash took everything behind these commits. */
  public void cut(int size) {
    List<Commit> kept = List.copyOf(commits.subList(0, size));
    commits.clear();
    rows.clear();
    rows.or(baseRows);
    reigns.clear();
    reigns.putAll(baseReigns);
    reignTable = baseReignTable;
    replicated.set(basePosition);
    committed.set(baseCommitted);
    kept.forEach(this::add);
    flushed = size;
  }

  /** Becomes a copy of another server's data, with the position that the copy names. */
  public void restore(Engine other, GtidPosition position) {
    baseRows.clear();
    baseRows.or(other.rows);
    baseReigns.clear();
    baseReigns.putAll(other.reigns);
    baseReignTable = other.reignTable;
    baseCommitted.set(other.committed);
    basePosition = position;
    commits.clear();
    cut(0);
  }

  /** Whether it committed this transaction, or has it from a copy. */
  public boolean has(Gtid gtid) {
    return committed.contains(gtid) || basePosition.sequence(gtid.domain()) >= gtid.sequence();
  }

  public boolean hasRow(long row) {
    return rows.get((int) row);
  }

  /** All rows; not to be changed. */
  public BitSet rows() {
    return rows;
  }

  public boolean hasReignTable() {
    return reignTable;
  }

  /** Reign rows: epoch to server. */
  public SortedMap<Long, String> reigns() {
    return reigns;
  }

  /** {@code @@gtid_slave_pos}. */
  public GtidPosition replicated() {
    return replicated.position();
  }

  public long replicated(long domain) {
    return replicated.sequence(domain);
  }

  /** {@code SET GLOBAL gtid_slave_pos}. */
  public void setReplicated(GtidPosition position) {
    // A statement of its own: it survives whatever was committed before.
    BitSet now = (BitSet) rows.clone();
    baseRows.or(now);
    baseReigns.putAll(reigns);
    baseReignTable = reignTable;
    baseCommitted.set(committed);
    basePosition = position;
    commits.clear();
    cut(0);
  }
}
