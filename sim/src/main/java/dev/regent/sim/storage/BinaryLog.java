package dev.regent.sim.storage;

import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A server's binary log: transactions in order, and how many of them survive a power cut. */
public final class BinaryLog {
  public static final String FILE = "binlog.000001";

  /** Where its first entry begins, and how long each one is. */
  private static final long FIRST = 4;

  private static final long ENTRY = 100;

  private final List<Transaction> entries = new ArrayList<>();

  /** The last of each (domain, server id). */
  private final Tails tails = new Tails();

  private final Heads heads = new Heads();

  /** What was in this log before it was emptied. */
  private GtidPosition before = GtidPosition.EMPTY;

  private int synced;
  private int visible;

  public int size() {
    return entries.size();
  }

  public Transaction get(int index) {
    return entries.get(index);
  }

  /** How many survive a power cut. */
  public int synced() {
    return synced;
  }

  /** How many are sent to replicas. */
  public int visible() {
    return visible;
  }

  public void sync() {
    synced = entries.size();
    visible = synced;
  }

  /** Without a sync: replicas get what a power cut may take. */
  public void show() {
    visible = entries.size();
  }

  public void append(Transaction transaction) {
    entries.add(transaction);
    note(transaction.gtid());
  }

  private void note(Gtid gtid) {
    heads.put(gtid);
    tails.put(gtid);
  }

  /** {@code @@gtid_binlog_pos}. */
  public GtidPosition position() {
    return heads.position();
  }

  /** {@code @@gtid_binlog_state}. */
  public GtidState state() {
    return tails.state();
  }

  /** The last sequence number of a domain; 0 if it has none. */
  public long sequence(long domain) {
    return heads.sequence(domain);
  }

  public boolean contains(Gtid gtid) {
    return tails.contains(gtid);
  }

  // --- places, for there is but one file

  /** Where so many entries end. */
  public static long place(int entries) {
    return FIRST + ENTRY * entries;
  }

  /** {@code BINLOG_GTID_POS}: what stands before this place; empty if it is none. */
  public Optional<GtidPosition> upTo(String file, long place) {
    if (!known(file, place)) {
      return Optional.empty();
    }
    Heads found = new Heads();
    found.set(before);
    entries.subList(0, entries(place)).forEach(entry -> found.put(entry.gtid()));
    return Optional.of(found.position());
  }

  /** An entry ends there; no name is the first file's. */
  public boolean known(String file, long place) {
    boolean between = place >= FIRST && (place - FIRST) % ENTRY == 0;
    return (file.equals(FILE) || file.isEmpty()) && between && entries(place) <= visible;
  }

  public static int entries(long place) {
    return (int) ((place - FIRST) / ENTRY);
  }

  /** The index of the first entry that somebody at this position has not got. */
  public int firstBeyond(GtidPosition position) {
    int first = entries.size();
    for (int i = entries.size() - 1; i >= 0; i--) {
      Gtid gtid = entries.get(i).gtid();
      if (position.sequence(gtid.domain()) < gtid.sequence()) {
        first = i;
      }
    }
    return first;
  }

  /** Only the first entries are left. */
  public void cut(int size) {
    List<Transaction> kept = List.copyOf(entries.subList(0, size));
    clear();
    kept.forEach(this::append);
    synced = size;
    visible = size;
  }

  /** {@code SET GLOBAL gtid_binlog_state}: as if so much had been in this log, which is empty. */
  public void stateIs(GtidState state) {
    clear();
    state.gtids().forEach(tails::put);
    before = state.position();
    heads.set(before);
  }

  /** {@code RESET MASTER}. */
  public void clear() {
    entries.clear();
    tails.clear();
    before = GtidPosition.EMPTY;
    heads.set(before);
    synced = 0;
    visible = 0;
  }
}
