package dev.regent.server.steps;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Evidence.Nothing;
import dev.regent.core.plan.Keeping;
import dev.regent.core.plan.Step;
import dev.regent.server.connect.LinkException;
import dev.regent.server.office.DeposedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Steps that keep or bring back order. */
public final class KeepingSteps {
  private static final Duration POLL = Duration.ofMillis(20);

  private KeepingSteps() {}

  public static Evidence perform(Keeping step, Work work)
      throws LinkException,
          DeposedException,
          RefusedException,
          LateException,
          InterruptedException {
    return switch (step) {
      case Keeping.FenceReturned s -> fence(s, work);
      case Keeping.SaveErrant _ -> throw new IllegalStateException("files are saved elsewhere");
      case Keeping.SetSemiSyncReplica s -> work.plain(s);
      case Keeping.ConfirmAcknowledging _ -> confirmAcknowledging(work);
      case Keeping.ConfirmDumpRenewed s -> confirmDumpRenewed(s, work);
      // Whoever is not the primary and takes writes is deposed, even if it was looked at before.
      case Keeping.CloseForWrites _ -> ReadOnly.closeDeposed(work);
      case Keeping.PassOnReceipt s -> SemiSync.passOn(s, work);
    };
  }

  /** The channels first: what it receives meanwhile, it may acknowledge for an old reign. */
  private static Evidence fence(Keeping.FenceReturned step, Work work)
      throws LinkException, DeposedException, RefusedException {
    for (String name : step.channels()) {
      Optional<Channel> channel = work.findChannel(name);
      if (channel.isPresent() && channel.get().io() != ThreadState.NO) {
        work.change("STOP SLAVE" + Step.channel(name) + " IO_THREAD");
      }
    }
    return ReadOnly.closeDeposed(work);
  }

  private static Evidence confirmAcknowledging(Work work)
      throws LinkException, RefusedException, InterruptedException {
    while (!acknowledges(work)) {
      if (!work.pause(POLL)) {
        throw new RefusedException("it is not connected as a replica that acknowledges");
      }
    }
    return new Nothing();
  }

  private static boolean acknowledges(Work work) throws LinkException {
    boolean connected = work.channels().stream().anyMatch(c -> c.io() == ThreadState.YES);
    String status =
        work.read(
            "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_slave_status'",
            r -> r.next() ? String.valueOf(r.getString(2)) : "OFF");
    return connected && status.equals("ON");
  }

  /**
   * The server tells neither which replica a dump thread serves nor whether it expects
   * acknowledgements. But a replica that connects anew ends its own old thread, and each replica is
   * listed once: as long as there are more threads than replicas, an old one is left. Twice in a
   * row, because a new connection is listed a moment before it does so.
   */
  private static Evidence confirmDumpRenewed(Keeping.ConfirmDumpRenewed step, Work work)
      throws LinkException, RefusedException, InterruptedException {
    boolean once = false;
    while (true) {
      boolean clean = dumpThreads(work) <= replicas(work).size();
      if (clean && once) {
        return new Nothing();
      }
      once = clean;
      if (!work.pause(Duration.ofMillis(100))) {
        throw new RefusedException("an old connection of " + step.replica() + " is still served");
      }
    }
  }

  private static long dumpThreads(Work work) throws LinkException {
    return Long.parseLong(
        work.value(
                "SELECT COUNT(*) FROM information_schema.PROCESSLIST"
                    + " WHERE COMMAND IN ('Binlog Dump', 'Binlog Dump GTID')")
            .orElse("0"));
  }

  private static List<String> replicas(Work work) throws LinkException {
    return work.column("SHOW SLAVE HOSTS");
  }
}
