package dev.regent.lab.arena;

import dev.regent.lab.load.Proxied;
import java.time.Duration;

/**
 * How much is written.
 *
 * @param clients each with a connection of its own
 * @param ratePerSecond of all clients together; 0: as fast as they are answered
 * @param firstClient keeps the rows of several writers apart
 * @param patience how long a client waits for an answer
 * @param proxied those that know nothing but a proxy; they are the last ones
 */
public record Load(
    int clients, int ratePerSecond, int firstClient, Duration patience, Proxied proxied) {
  /** As long as a commit may wait for its acknowledgement in what we do to a cluster. */
  private static final Duration USUAL_PATIENCE = Duration.ofSeconds(20);

  /** The load that the bounds are stated for. */
  public static final Load USUAL = of(4, 300);

  public static Load of(int clients, int ratePerSecond) {
    return new Load(clients, ratePerSecond, 1, USUAL_PATIENCE, Proxied.NONE);
  }

  /** The same load by other clients: rows of an earlier load keep their keys. */
  public Load again(int round) {
    return new Load(clients, ratePerSecond, 1 + round * clients, patience, proxied);
  }

  public Load withPatience(Duration value) {
    return new Load(clients, ratePerSecond, firstClient, value, proxied);
  }

  public Load with(Proxied value) {
    return new Load(clients, ratePerSecond, firstClient, patience, value);
  }

  public String words() {
    return (ratePerSecond == 0 ? "as many inserts as go" : ratePerSecond + " inserts/s")
        + " by "
        + clients
        + " clients";
  }
}
