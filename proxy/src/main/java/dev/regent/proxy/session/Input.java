package dev.regent.proxy.session;

import dev.regent.core.model.RoutingTable;
import dev.regent.proxy.wire.Bytes;

/** What happens to a session. */
public sealed interface Input {
  /** The client is connected. */
  record Connected() implements Input {}

  /** All that the client has sent and that was not used before. */
  record FromClient(Bytes bytes) implements Input {}

  /** All that the server has sent and that was not used before. */
  record FromServer(int link, Bytes bytes) implements Input {}

  /** A connection to a server could not be opened, or is lost. */
  record Unlinked(int link) implements Input {}

  record ClientGone() implements Input {}

  record Routed(RoutingTable table) implements Input {}

  /** The accounts were read again, or could not be. */
  record Refreshed() implements Input {}

  /**
   * Somebody wants the session to end.
   *
   * @param atOnce not only when it is idle, outside of a transaction
   */
  record Leave(boolean atOnce) implements Input {}

  record Tick() implements Input {}
}
