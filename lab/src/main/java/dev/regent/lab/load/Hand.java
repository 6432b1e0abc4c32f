package dev.regent.lab.load;

import java.time.Duration;

/** How a client writes one row; a client's own thread alone uses it. */
interface Hand {
  /** Tries once, and returns what came of it, whatever that is. */
  Write write(Endpoint endpoint, long id, int client, int number);

  /** How long to wait after a write that was not acknowledged. */
  Duration retryPause();

  /** Lets its connection go. */
  void leave();
}
