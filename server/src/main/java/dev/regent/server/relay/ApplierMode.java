package dev.regent.server.relay;

import dev.regent.core.model.Channel;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Quoted;
import dev.regent.server.office.DeposedException;
import dev.regent.server.steps.Work;
import java.util.Optional;

/**
 * Lets one connection apply with one thread for a rescue, and back again.
 *
 * <p>Needed because outside GTID mode the parallel applier of a restarted server compares log names
 * that it does not know yet: 11.4.5 dies of it (signal 11). One thread also applies everything in
 * front of a torn event, of which the parallel applier applies nothing.
 *
 * <p>The mode from before is kept on the server, in a table that is never replicated, because a
 * manager may die between the two. Both changes need a stopped SQL thread.
 */
final class ApplierMode {
  private static final int NO_TABLE = 1146;

  private static final String TABLE =
      "CREATE TABLE IF NOT EXISTS regent_local.applier (channel VARCHAR(64) NOT NULL PRIMARY KEY,"
          + " mode VARCHAR(64) NOT NULL, delay BIGINT NOT NULL) ENGINE=InnoDB";

  private ApplierMode() {}

  static void single(Channel channel, Work work) throws LinkException, DeposedException {
    String name = Quoted.text(channel.name());
    work.change(TABLE);
    work.change(
        "SET SESSION default_master_connection="
            + name
            + "; INSERT IGNORE INTO regent_local.applier VALUES ("
            + name
            + ", @@global.slave_parallel_mode, "
            + channel.delay().toSeconds()
            + "); SET GLOBAL slave_parallel_mode=none; SET SESSION default_master_connection=''");
  }

  /** Puts the mode back if a rescue changed it; the delay is returned for a CHANGE MASTER. */
  static Optional<String> restore(String channel, Work work)
      throws LinkException, DeposedException {
    String name = Quoted.text(channel);
    String row = " FROM regent_local.applier WHERE channel=" + name;
    Optional<String> delay;
    try {
      delay = work.value("SELECT delay" + row);
    } catch (LinkException e) {
      if (e.code() == NO_TABLE) {
        return Optional.empty();
      }
      throw e;
    }
    if (delay.isPresent()) {
      work.change(
          "SET SESSION default_master_connection="
              + name
              + "; SET GLOBAL slave_parallel_mode=(SELECT mode"
              + row
              + "); SET SESSION default_master_connection=''; DELETE"
              + row);
    }
    return delay;
  }
}
