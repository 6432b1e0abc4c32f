package dev.regent.proxy.seen;

import dev.regent.core.model.ServerId;
import java.util.Optional;

/** What a session of a proxy shares with the others, and may know of them. No method blocks. */
public interface Neighbours {
  /** For a session that is alone. */
  Neighbours NONE =
      new Neighbours() {
        @Override
        public Optional<Place> find(long number) {
          return Optional.empty();
        }

        @Override
        public void end(long number) {}
      };

  /**
   * Where a session's statements go.
   *
   * @param thread the server's number of the connection
   */
  record Place(ServerId server, long thread) {}

  default Counters counters() {
    return new Counters();
  }

  default Samples samples() {
    return new Samples();
  }

  /** The place of the session that a client knows by this number; empty if it has none now. */
  Optional<Place> find(long number);

  /**
   * As {@link #find}, for a command that will hit the connection there whoever has it by then: from
   * now on, nobody else gets it.
   */
  default Optional<Place> aim(long number) {
    return find(number);
  }

  /** A server has killed the session's connection: it ends, instead of going on at another one. */
  void end(long number);
}
