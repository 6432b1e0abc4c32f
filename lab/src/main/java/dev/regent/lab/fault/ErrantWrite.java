package dev.regent.lab.fault;

import dev.regent.lab.cluster.LabServer;

/**
 * A transaction that one server has and no other will ever get: somebody with all rights writes to
 * a replica. There is no way back; the server has to be rebuilt or truncated.
 */
public record ErrantWrite(LabServer server, long id, long moment) {
  /** Above the rows of every ledger, whose upper half is the number of a client. */
  private static final long FIRST_ID = 1L << 60;

  /** Writes a row, {@code number} of this server's errant ones, past its {@code read_only}. */
  public static ErrantWrite on(LabServer server, int number) {
    long id = FIRST_ID + ((long) server.place().serverId() << 32) + number;
    long moment = System.nanoTime();
    server.execute(
        "INSERT INTO shop.orders (id, client, seq, payload) VALUES (%d, 0, %d, 'only on %s')"
            .formatted(id, number, server.name()));
    return new ErrantWrite(server, id, moment);
  }

  /** Whether this server has it; it should be nowhere but where it was written. */
  public boolean isOn(LabServer other) {
    return other.value("SELECT COUNT(*) FROM shop.orders WHERE id=%d".formatted(id)).equals("1");
  }
}
