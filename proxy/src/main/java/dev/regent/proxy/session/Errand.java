package dev.regent.proxy.session;

/** One thing that the proxy says to a server in its own name. */
sealed interface Errand {
  /**
   * Comes first on each connection: the server is to tell of what is set.
   *
   * @param leads the server has the role. One that was started again has it no more, though nobody
   *     may have looked at it yet, and may lack what it had acknowledged: it is closed, and fails
   *     this
   */
  record Begin(boolean leads) implements Errand {}

  /** A statement of which only its success counts. */
  record Say(String sql) implements Errand {}

  /** Whose answer tells whether a transaction is open, and changes nothing. */
  record Ping() implements Errand {}

  /** A client's prepared statement, on a server that does not know it yet. */
  record Prepare(Prepared.One statement) implements Errand {}

  /** A row of the transaction's own, before it is committed; see {@link Tokens}. */
  record Mark(String sql, long number) implements Errand {}

  /** What an answer of one row with one column tells of. */
  enum Topic {
    /** How many of a transaction's tokens there are. */
    TOKENS,
    /** Where the server's binary log is. */
    POSITIONS
  }

  record Ask(Topic topic, String sql) implements Errand {}

  /** A part of a transaction once more: its answer must be what it was. */
  record Repeat(Transcript.Entry entry) implements Errand {}
}
