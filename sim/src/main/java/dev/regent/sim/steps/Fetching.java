package dev.regent.sim.steps;

import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Receiving.FetchMissing;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.mariadb.Account;

/** Fills the gap before a relay log from another server, over a connection of its own. */
final class Fetching {
  private static final long POLL = 10 * Kernel.MILLISECOND;

  private Fetching() {}

  static Act<Evidence> perform(FetchMissing step) {
    Act<Boolean> all = end();
    for (String sql : step.sql()) {
      all = all.then(Work.change(sql.replace(":user", "'" + Account.REPLICATION.user() + "'")));
    }
    return all.then(await(step))
        .lastly(end())
        .then(ReceivingActs.evidence(Standings.read(step.server())));
  }

  static Act<Boolean> end() {
    return Work.findChannel(FetchMissing.CHANNEL)
        .then(found -> found.isEmpty() ? Act.value(true) : Work.changes(FetchMissing.end()));
  }

  private static Act<Boolean> await(FetchMissing step) {
    return Standings.applied()
        .then(applied -> applied.position().covers(step.until()) ? Act.value(true) : again(step));
  }

  private static Act<Boolean> again(FetchMissing step) {
    return Work.channel(FetchMissing.CHANNEL)
        .then(now -> {
          if (now.io() == ThreadState.NO) {
            return Act.refused("receiving stopped: " + now.ioProblem().text());
          }
          if (!now.sqlRunning()) {
            return Act.refused("the SQL thread stopped: " + Rescue.words(now));
          }
          return Work.pause(POLL)
              .then(inTime ->
                  inTime
                      ? await(step)
                      : Act.trouble(
                          new Trouble.Late("not fetched in time: " + now.ioProblem().text())));
        });
  }
}
