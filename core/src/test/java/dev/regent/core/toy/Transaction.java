package dev.regent.core.toy;

import dev.regent.core.model.Gtid;

/**
 * One transaction of a toy binary log.
 *
 * @param epoch the reign row it holds, 0 if none, with {@code owner} as the primary it names
 */
record Transaction(Gtid gtid, long epoch, String owner, long atMillis) {
  static Transaction write(Gtid gtid, long atMillis) {
    return new Transaction(gtid, 0, "", atMillis);
  }
}
