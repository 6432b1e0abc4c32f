package dev.regent.sim.steps;

import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Evidence.Nothing;
import dev.regent.core.plan.Keeping;
import dev.regent.core.plan.Step;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.mariadb.SimServer;

/** Steps that keep or bring back order. */
final class KeepingActs {
  private static final long POLL = 20 * Kernel.MILLISECOND;
  private static final long DUMP_POLL = 100 * Kernel.MILLISECOND;

  private KeepingActs() {}

  static Act<Evidence> perform(Keeping step) {
    return switch (step) {
      case Keeping.FenceReturned s -> fence(s);
      case Keeping.SaveErrant s -> throw new IllegalStateException("files are saved elsewhere");
      case Keeping.SetSemiSyncReplica s -> ReceivingActs.plain(s);
      case Keeping.ConfirmAcknowledging s -> confirmAcknowledging();
      case Keeping.ConfirmDumpRenewed s -> confirmDumpRenewed(s, false);
      case Keeping.CloseForWrites s -> ReceivingActs.nothing(ReadOnly.closeDeposed());
      case Keeping.PassOnReceipt s -> ReceivingActs.nothing(SemiSync.passOn(s.receipt()));
    };
  }

  /** The channels first: what it receives meanwhile, it may acknowledge for an old reign. */
  private static Act<Evidence> fence(Keeping.FenceReturned step) {
    Act<Boolean> all = Act.value(true);
    for (String name : step.channels()) {
      all =
          all.then(Work.findChannel(name))
              .then(c ->
                  c.filter(found -> found.io() != ThreadState.NO).isPresent()
                      ? Work.change("STOP SLAVE" + Step.channel(name) + " IO_THREAD")
                      : Act.value(true));
    }
    return ReceivingActs.nothing(all.then(ReadOnly.closeDeposed()));
  }

  private static Act<Evidence> confirmAcknowledging() {
    return Work.channels()
        .map(all -> all.stream().anyMatch(c -> c.io() == ThreadState.YES))
        .then(connected -> Work.read(f -> connected && f.acknowledging()))
        .then(yes ->
            yes
                ? Act.value(new Nothing())
                : Work.pause(POLL)
                    .then(in ->
                        in
                            ? confirmAcknowledging()
                            : Act.refused("it is not connected as a replica that acknowledges")));
  }

  /** Each replica is listed once: more threads than replicas, and an old one is left. */
  private static Act<Evidence> confirmDumpRenewed(Keeping.ConfirmDumpRenewed step, boolean once) {
    return Act.<Boolean>of(
            work -> {
              SimServer server = work.office().server();
              return Work.read(f -> server.dumps().size())
                  .then(threads ->
                      Work.read(f ->
                          threads
                              <= server.dumps().stream()
                                  .mapToLong(d -> d.replicaServerId())
                                  .distinct()
                                  .count()));
            })
        .then(clean ->
            clean && once
                ? Act.value(new Nothing())
                : Work.pause(DUMP_POLL)
                    .then(in ->
                        in
                            ? confirmDumpRenewed(step, clean)
                            : Act.refused(
                                "an old connection of " + step.replica() + " is still served")));
  }
}
