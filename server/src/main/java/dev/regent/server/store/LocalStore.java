package dev.regent.server.store;

import dev.regent.core.control.ControlStore;
import dev.regent.core.control.Entry;
import dev.regent.core.control.Ledger;
import dev.regent.core.model.ClusterRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store that needs nothing but a directory: one journal, one lock.
 *
 * <p>An append is written and synced before it returns. Lazy entries are written at once, so that
 * they survive the manager, and synced with the next append or at {@link #close()}. When the
 * journal has grown, a lazy append replaces it by a snapshot: never a durable one, because a
 * failover may be waiting for that.
 *
 * <p>After a failed write nobody knows what is on the disk, so this object takes no more appends
 * (its {@link #state()} is that of the last good one). Closing it and opening the directory again
 * reads what is really there.
 */
public final class LocalStore implements ControlStore {
  /** Replaying this much takes some 100 ms; a quiet cluster needs days to write it. */
  private static final long COMPACT_ABOVE = 4 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(LocalStore.class);

  private final Path directory;
  private final StoreLock lock;
  private final Journal journal;

  /** Guards the journal and {@link #failure}, and keeps appends in order. */
  private final ReentrantLock appending = new ReentrantLock();

  private Optional<Exception> failure = Optional.empty();
  private boolean closed;
  private long compactAbove = COMPACT_ABOVE;
  private volatile ClusterRecord state;

  private LocalStore(Path directory, StoreLock lock, Journal journal, ClusterRecord state) {
    this.directory = directory;
    this.lock = lock;
    this.journal = journal;
    this.state = state;
  }

  /**
   * Opens the store of this directory, creating it if there is none.
   *
   * @throws StoreException if another manager has it, it is damaged, it is of a newer format or the
   *     disk fails; the message says which, where, and what to do
   */
  public static LocalStore open(Path directory) throws StoreException {
    return open(directory, Disk.real());
  }

  static LocalStore open(Path directory, Disk disk) throws StoreException {
    try {
      Private.directory(directory);
      StoreLock lock = StoreLock.take(directory);
      try {
        Journal.Opened opened = Journal.open(directory, disk);
        return new LocalStore(directory, lock, opened.journal(), opened.state());
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      throw new StoreException("cannot open the control store: " + e.getMessage(), e);
    }
  }

  @Override
  public ClusterRecord state() {
    return state;
  }

  @Override
  public void append(List<Entry> entries) throws StoreException {
    write(entries, true);
  }

  /**
   * Appends entries that a crash of the host may take, in order with all others. Cheap: nothing is
   * synced.
   *
   * @throws StoreException if they could not be written; the store then refuses all further appends
   */
  public void appendLazy(List<Entry> entries) throws StoreException {
    write(entries, false);
  }

  private void write(List<Entry> entries, boolean durable) throws StoreException {
    appending.lock();
    try {
      refuseIfFailed();
      if (entries.isEmpty()) {
        return;
      }
      ClusterRecord next = Ledger.apply(state, entries);
      journal.append(entries, durable);
      state = next;
      if (!durable) {
        compactIfGrown();
      }
    } catch (IOException e) {
      failure = Optional.of(e);
      throw new StoreException(
          "the control store in " + directory + " cannot write: " + e.getMessage(), e);
    } finally {
      appending.unlock();
    }
  }

  private void refuseIfFailed() throws StoreException {
    if (closed) {
      throw new StoreException("the control store is closed", new IOException("closed"));
    }
    if (failure.isPresent()) {
      throw new StoreException(
          "the control store in "
              + directory
              + " takes no more entries since a write failed: "
              + failure.get().getMessage(),
          failure.get());
    }
  }

  private void compactIfGrown() throws IOException {
    if (journal.length() <= compactAbove) {
      return;
    }
    if (journal.compact(state)) {
      compactAbove = Math.max(COMPACT_ABOVE, 4 * journal.length());
    } else {
      compactAbove = 2 * journal.length();
    }
  }

  /** For tests: compacts now. */
  void compact() throws IOException {
    appending.lock();
    try {
      journal.compact(state);
    } finally {
      appending.unlock();
    }
  }

  @Override
  public void close() {
    appending.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      try (lock) {
        journal.close(failure.isEmpty());
      } catch (IOException e) {
        LOG.warn("closing the control store in {}: {}", directory, e.getMessage());
      }
    } finally {
      appending.unlock();
    }
  }
}
