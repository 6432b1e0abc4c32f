package dev.regent.server.front;

import dev.regent.proxy.seen.SessionView;
import java.io.IOException;
import java.util.List;

/** Where operators see and stop the proxy's sessions. Methods may wait, within a bound. */
public interface Counter {
  /** In the order of their numbers. */
  List<SessionView> sessions();

  /** Stops a session, or only what it executes. */
  Said kill(long number, boolean query);

  /**
   * Gives a server or a listener nothing new to do, or does so again.
   *
   * @param name a server, or a listener by its address and port or its port alone
   * @throws IOException a port cannot be had again
   */
  Said drain(String name, boolean undo) throws IOException;

  /** What became of it, in words. */
  sealed interface Said {
    String words();

    record Done(String words) implements Said {}

    /** There is a reason not to. */
    record Held(String words) implements Said {}

    record Failed(String words) implements Said {}

    /** There is no such thing. */
    record Unknown(String words) implements Said {}
  }
}
