package dev.regent.lab.arena;

/**
 * How much is written.
 *
 * @param clients each with a connection of its own
 * @param ratePerSecond of all clients together; 0: as fast as they are answered
 * @param firstClient keeps the rows of several writers apart
 */
public record Load(int clients, int ratePerSecond, int firstClient) {
  /** The load that the bounds are stated for. */
  public static final Load USUAL = new Load(4, 300, 1);

  /** The same load by other clients: rows of an earlier load keep their keys. */
  public Load again(int round) {
    return new Load(clients, ratePerSecond, 1 + round * clients);
  }

  public String words() {
    return (ratePerSecond == 0 ? "as many inserts as go" : ratePerSecond + " inserts/s")
        + " by "
        + clients
        + " clients";
  }
}
