package dev.regent.core.control;

import dev.regent.core.model.ClusterRecord;
import java.util.List;

/**
 * What a manager must remember. An implementation must make an append durable before it returns,
 * whole or not at all; a torn tail of the last append is dropped at the next open, any other damage
 * is refused at open.
 */
public interface ControlStore extends AutoCloseable {

  /** The state after all durable entries. Does not block. */
  ClusterRecord state();

  /**
   * Appends the entries as one unit and returns when they are durable. May block on the disk; never
   * called from the control loop.
   *
   * @throws StoreException if they are not durable; the store then refuses all further appends
   */
  void append(List<Entry> entries) throws StoreException;

  /** Releases the lock; pending lazy entries are written. */
  @Override
  void close();

  /** The store could not keep its promise. The caller stops acting and goes on observing. */
  final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    public StoreException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
