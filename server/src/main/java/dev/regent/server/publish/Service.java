package dev.regent.server.publish;

import java.io.IOException;
import java.util.OptionalInt;

/** Answers the requests of a command socket; called by many threads at once. */
public interface Service {

  /**
   * Answers one request. It may wait, for as long as it bounds itself.
   *
   * @return the exit code; empty if the answer goes on as a stream
   * @throws IOException the client is gone or does not read; nobody is left to be told
   */
  OptionalInt serve(Request request, Answer answer) throws IOException, Request.Mistake;

  /** Lets go of streams whose client hung up. */
  void sweep();

  /** Ends all streams. */
  void close();

  /** One answer under way; used by one thread. */
  interface Answer {
    void out(String line) throws IOException;

    void err(String line) throws IOException;

    /** Sends what is written so far; otherwise it leaves with the end of the answer. */
    void flush() throws IOException;

    /**
     * Goes on as a stream. From now on the sink alone writes, and whoever closes it ends the
     * connection.
     */
    Topic.Sink<String> stream() throws IOException;
  }
}
