package dev.regent.sim.world;

import dev.regent.core.model.Gtid;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.storage.Transaction;
import java.util.Map;
import java.util.TreeMap;

/**
 * One GTID, two transactions. A primary whose recovery cut off its last writes, and that gets its
 * role back while the replicas that have them are away, deals their numbers anew; nobody can tell
 * from positions that the two differ. Known, and not ours to promise, outside of profile safe.
 */
final class Renumbered {
  private Renumbered() {}

  static boolean are(SimServer one, SimServer other) {
    Map<String, Transaction> logged = new TreeMap<>();
    for (int i = 0; i < one.log().size(); i++) {
      Transaction transaction = one.log().get(i);
      logged.put(key(transaction.gtid()), transaction);
    }
    for (int i = 0; i < other.log().size(); i++) {
      Transaction mine = other.log().get(i);
      Transaction same = logged.get(key(mine.gtid()));
      if (same != null && same.row() != mine.row()) {
        return true;
      }
    }
    return false;
  }

  private static String key(Gtid gtid) {
    return gtid.toString();
  }
}
