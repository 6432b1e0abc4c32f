package dev.regent.proxy.seen;

import dev.regent.core.model.ServerId;
import java.util.Optional;

/** The other sessions of a proxy, as far as one of them may know. No method blocks. */
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

  /** The place of the session that a client knows by this number; empty if it has none now. */
  Optional<Place> find(long number);

  /** A server has killed the session's connection: it ends, instead of going on at another one. */
  void end(long number);
}
