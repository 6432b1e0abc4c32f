package dev.regent.proxy.session;

/** One thing that the proxy says to a server in its own name. */
sealed interface Errand {
  /** A statement of which only its success counts. */
  record Say(String sql) implements Errand {}

  /** Whose answer tells whether a transaction is open, and changes nothing. */
  record Ping() implements Errand {}

  /** A client's prepared statement, on a server that does not know it yet. */
  record Prepare(Prepared.One statement) implements Errand {}

  /** A part of a transaction once more: its answer must be what it was. */
  record Repeat(Transcript.Entry entry) implements Errand {}
}
