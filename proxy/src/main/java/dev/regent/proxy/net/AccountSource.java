package dev.regent.proxy.net;

import dev.regent.proxy.auth.Accounts;
import java.util.Optional;

/** Where the primary's accounts come from. Neither method may block: event loops call them. */
public interface AccountSource {
  /** As they were read last; empty before that. */
  Optional<Accounts> current();

  /**
   * Reads them again: at once, or a moment later if they were just read. A reading that had begun
   * before this was called does not count.
   *
   * @param done called once, on any thread, also if they could not be read
   */
  void refresh(Runnable done);
}
