package dev.regent.server.steps;

import java.time.Duration;

/** Those whose statements pass through this process. */
public interface Clients {
  /** Nobody's do. */
  Clients NONE =
      new Clients() {
        @Override
        public Duration quietMax() {
          return Duration.ZERO;
        }

        @Override
        public void awaitQuiet() {}
      };

  /** No wait takes longer: a step that waits has so much time more. */
  Duration quietMax();

  /**
   * To be called while they are held: returns when what they had sent before is answered; and soon,
   * also if something still is not.
   */
  void awaitQuiet() throws InterruptedException;
}
