package dev.regent.server.monitor;

import dev.regent.core.model.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One server in the monitor's terms. A server that does not run has no role.
 *
 * @param authError it answers, and refuses us
 * @param source whom it follows, or did when it was last seen
 * @param lagSeconds empty if it does not run, follows nobody or cannot tell
 */
record ServerState(
    ServerId id,
    boolean running,
    boolean maintenance,
    boolean primary,
    boolean replica,
    boolean authError,
    Optional<ServerId> source,
    OptionalLong lagSeconds) {

  /** The status as MaxScale 1.2 wrote it, words in its order. */
  String words() {
    List<String> words = new ArrayList<>();
    add(words, maintenance, "Maintenance");
    add(words, primary, "Master");
    add(words, replica, "Slave");
    add(words, authError, "Auth Error");
    words.add(running ? "Running" : "Down");
    return String.join(", ", words);
  }

  private static void add(List<String> words, boolean holds, String word) {
    if (holds) {
      words.add(word);
    }
  }

  /** Whether nothing that its status shows has moved. */
  boolean sameWords(ServerState other) {
    return words().equals(other.words());
  }
}
