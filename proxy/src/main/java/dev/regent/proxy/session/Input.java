package dev.regent.proxy.session;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.auth.Secured;
import dev.regent.proxy.auth.ServerProof;
import dev.regent.proxy.wire.Bytes;
import java.util.Optional;

/** What happens to a session. */
public sealed interface Input {
  /** The client is connected. */
  record Connected() implements Input {}

  /** All that the client has sent and that was not used before. */
  record FromClient(Bytes bytes) implements Input {}

  /** All that the server has sent and that was not used before. */
  record FromServer(int link, Bytes bytes) implements Input {}

  /** TLS is up on the client's connection. */
  record ClientSecured(Secured how) implements Input {}

  /**
   * TLS is up on a connection to a server.
   *
   * @param wanted what the server has yet to prove itself, since its certificate did not
   */
  record LinkSecured(int link, Optional<ServerProof> wanted) implements Input {}

  /** TLS could not be agreed on with a server; its connection is lost too. */
  record LinkInsecure(int link, String because) implements Input {}

  /** A connection to a server could not be opened, or is lost. */
  record Unlinked(int link) implements Input {}

  /**
   * A connection that was wanted is one that another session has left.
   *
   * @param thread the server's number of it
   */
  record Reused(int link, long thread) implements Input {}

  /** Nobody hears of a server any more, though its connections seem to live. */
  record Silent(ServerId server) implements Input {}

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
