package dev.regent.proxy.wire;

/** What a packet of a response was, as far as the response's end or the session depends on it. */
public sealed interface Heard {
  /** Columns, headers and whatever else only the client cares for. */
  record Passing() implements Heard {}

  /** A statement is done, or one of several; or its rows are. */
  record Done(Ok ok) implements Heard {}

  /** The end of columns or rows in its old form. */
  record End(int status) implements Heard {}

  record Failed(Err err) implements Heard {}

  /** The server wants a file's content from the client, and answers after that. */
  record FileWanted() implements Heard {}

  /** A statement was prepared under this number. */
  record Prepared(long statement, int parameters) implements Heard {}

  /** A text, of which only its end counts. */
  record Text() implements Heard {}
}
