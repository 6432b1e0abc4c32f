package dev.regent.proxy.session;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.seen.Refusal;
import java.util.Optional;

/** What a session wants done, in order. */
public sealed interface Effect {
  /** To the client. Its bytes are the receiver's from now on. */
  record Say(Packet packet) implements Effect {}

  /** To a server. */
  record Tell(int link, Packet packet) implements Effect {}

  /** These of the bytes that came with the input from a server go to the client as they are. */
  record PassToClient(int from, int to) implements Effect {}

  /** These of the bytes that the client sent go to a server as they are. */
  record PassToServer(int link, int from, int to) implements Effect {}

  /**
   * Open a connection; what comes from it carries its number.
   *
   * @param reuse one that another session has left will do, if these were its terms: then say so by
   *     {@link Input.Reused}
   */
  record Link(int number, ServerId server, Optional<Terms> reuse) implements Effect {}

  /** Close the connection to a server, at once. */
  record Unlink(int number) implements Effect {}

  /**
   * The session has left a connection that is at rest. Others may have it, once its server has
   * forgotten this one.
   *
   * @param thread the server's number of it
   */
  record Park(int number, Terms terms, long thread) implements Effect {}

  /** A server, or a user there, has too many connections: close what is parked at it. */
  record Crowded(ServerId server) implements Effect {}

  /**
   * TLS begins on the client's connection, after what was said to it. All that the client sent and
   * that this input did not use belongs to the handshake: it was not protected, and no session may
   * see it.
   */
  record SecureClient() implements Effect {}

  /** The same on a connection to a server, after what it was told. */
  record SecureLink(int number) implements Effect {}

  /** Close the connection to the client, after what was said to it. */
  record Hangup() implements Effect {}

  /** The client was not let in: to be counted. */
  record Refused(Refusal why) implements Effect {}

  /** Show the client's unused bytes again. */
  record Again() implements Effect {}

  /** A tick is wanted then, whatever else happens before. */
  record Wake(long at) implements Effect {}

  /** Read the accounts again, and say when it is done. */
  record Refresh() implements Effect {}
}
