package dev.regent.server.front;

import dev.regent.proxy.auth.Secret;
import java.util.List;
import java.util.Optional;

/**
 * Passwords of clients, from a file that may change at any time. A reading may block, so no event
 * loop does it; it fails as a whole, and then what was read before stays good.
 */
@FunctionalInterface
public interface ClientPasswords {
  /** Without any. */
  ClientPasswords NONE = () -> new Reading.Read(List.of());

  /** The file as it is now. */
  Reading read();

  /** What came of reading. */
  sealed interface Reading {
    record Read(List<Entry> entries) implements Reading {
      public Read {
        entries = List.copyOf(entries);
      }

      /**
       * Of an account, as the server writes its host. An entry that names this account counts
       * before one for all accounts of the user, wherever they stand: as with accounts, what is
       * particular goes first.
       */
      public Optional<Secret> of(String user, String host) {
        List<Entry> theirs =
            entries.stream()
                .filter(e -> e.user().equals(user))
                .filter(e -> e.host().isEmpty() || e.host().get().equalsIgnoreCase(host))
                .toList();
        return theirs.stream()
            .filter(e -> e.host().isPresent())
            .findFirst()
            .or(() -> theirs.stream().findFirst())
            .map(Entry::password);
      }
    }

    /**
     * @param mistakes one sentence each, all of them, without a password in any
     */
    record Failed(List<String> mistakes) implements Reading {
      public Failed {
        mistakes = List.copyOf(mistakes);
      }
    }
  }

  /**
   * @param host as in the account; empty: all accounts of this user
   */
  record Entry(String user, Optional<String> host, Secret password) {}
}
