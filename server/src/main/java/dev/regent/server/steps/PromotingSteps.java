package dev.regent.server.steps;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Evidence.Nothing;
import dev.regent.core.plan.Promoting;
import dev.regent.server.connect.LinkException;
import dev.regent.server.office.DeposedException;
import java.util.List;
import java.util.Optional;

/** Steps that take the role from one server and give it to another. */
public final class PromotingSteps {
  private PromotingSteps() {}

  public static Evidence perform(Promoting step, Work work)
      throws LinkException,
          DeposedException,
          RefusedException,
          LateException,
          InterruptedException {
    return switch (step) {
      case Promoting.FenceReadOnly _ -> ReadOnly.close(work);
      case Promoting.RunHook _ -> throw new IllegalStateException("hooks run beside the servers");
      case Promoting.SetSemiSyncPrimary s -> setSemiSync(s, work);
      case Promoting.WriteReign s -> Reigns.write(s, work);
      case Promoting.LookForReign s -> Reigns.look(s, work);
      case Promoting.ReadLastReign s -> Reigns.last(s, work);
      case Promoting.OpenForWrites s -> open(s, work);
      case Promoting.ForgetSource s -> forget(s, work);
      case Promoting.EnableEvents s -> Events.enable(s, work);
      case Promoting.DisableEvents s -> Events.disable(s, work);
    };
  }

  private static Evidence setSemiSync(Promoting.SetSemiSyncPrimary step, Work work)
      throws LinkException, DeposedException, RefusedException {
    if (step.on()) {
      return work.plain(step);
    }
    SemiSync.primaryOff(work);
    return new Nothing();
  }

  /**
   * A server that still applies the old primary's transactions must not take writes beside them.
   */
  private static Evidence open(Promoting.OpenForWrites step, Work work)
      throws LinkException, DeposedException, RefusedException {
    List<Channel> channels = work.channels();
    FetchConnection.end(channels, work);
    Optional<Channel> channel =
        channels.stream().filter(c -> c.name().equalsIgnoreCase(step.channel())).findFirst();
    if (channel.filter(c -> c.io() != ThreadState.NO || c.sqlRunning()).isPresent()) {
      throw new RefusedException("it still replicates from " + channel.get().source());
    }
    if (step.acknowledged()) {
      SemiSync.demandPrimaryOn(work);
    }
    return work.plain(step);
  }

  private static Evidence forget(Promoting.ForgetSource step, Work work)
      throws LinkException, DeposedException, RefusedException {
    if (work.findChannel(step.channel()).isEmpty()) {
      return new Nothing();
    }
    Channel channel = work.channel(step.channel());
    if (channel.io() != ThreadState.NO || channel.sqlRunning()) {
      throw new RefusedException("its threads still run");
    }
    return work.plain(step);
  }
}
