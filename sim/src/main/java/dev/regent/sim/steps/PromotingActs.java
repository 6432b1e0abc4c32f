package dev.regent.sim.steps;

import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Evidence.Found;
import dev.regent.core.plan.Evidence.LastReign;
import dev.regent.core.plan.Evidence.Nothing;
import dev.regent.core.plan.Promoting;
import dev.regent.sim.mariadb.SimServer;
import java.util.Optional;

/** Steps that take the role from one server and give it to another. */
final class PromotingActs {
  private static final int DUPLICATE = 1062;

  private PromotingActs() {}

  static Act<Evidence> perform(Promoting step) {
    return switch (step) {
      case Promoting.FenceReadOnly s -> ReceivingActs.nothing(ReadOnly.close());
      case Promoting.RunHook s -> throw new IllegalStateException("hooks run beside the servers");
      case Promoting.SetSemiSyncPrimary s ->
          s.on() ? ReceivingActs.plain(s) : ReceivingActs.nothing(SemiSync.primaryOff());
      case Promoting.WriteReign s -> writeReign(s);
      case Promoting.LookForReign s -> look(s);
      case Promoting.ReadLastReign s -> last();
      case Promoting.OpenForWrites s -> open(s);
      case Promoting.ForgetSource s -> forget(s);
      case Promoting.EnableEvents s ->
          s.scheduler()
              ? ReceivingActs.nothing(Work.change("SET GLOBAL event_scheduler=ON"))
              : Act.value(new Nothing());
      // Events themselves are not simulated, only the scheduler.
      case Promoting.DisableEvents s -> Act.value(new Nothing());
    };
  }

  /** {@code table}: the table exists; {@code server}: the row's, if there is one. */
  private record Row(boolean table, Optional<String> server) {}

  private static Act<Row> row(long epoch) {
    return Act.of(work -> {
      SimServer server = work.office().server();
      return Work.read(f ->
          new Row(
              server.engine().hasReignTable(),
              Optional.ofNullable(server.engine().reigns().get(epoch))));
    });
  }

  private static Act<Evidence> writeReign(Promoting.WriteReign step) {
    return row(step.reign().epoch())
        .then(row -> {
          if (row.server().isPresent()) {
            return same(step, row);
          }
          Act<Boolean> demanded =
              step.acknowledged() ? SemiSync.demandPrimaryOn() : Act.value(true);
          return demanded
              .then(demandAll(step.reign().before()))
              .then(Work.session("sql_log_bin", "1"))
              .then(insert(step, row).lastly(unlogged()));
        });
  }

  /** Only where the link still lives. */
  private static Act<Boolean> unlogged() {
    return Act.of(
        work -> work.office().held() ? Work.session("sql_log_bin", "0") : Act.value(true));
  }

  private static Act<Evidence> insert(Promoting.WriteReign step, Row row) {
    Act<Boolean> all = Act.value(true);
    for (String sql : step.sql()) {
      if (!(sql.startsWith("CREATE") && row.table())) {
        all = all.then(Work.change(sql));
      }
    }
    return ReceivingActs.nothing(all)
        .rescue(why -> {
          if (!(why instanceof Trouble.Broken b) || !b.answered()) {
            return Act.trouble(why);
          }
          return b.code() == DUPLICATE
              ? row(step.reign().epoch()).then(again -> same(step, again))
              : Act.refused(b.reason());
        });
  }

  /** What it was chosen for must still be there. */
  private static Act<Boolean> demandAll(GtidPosition before) {
    return Work.read(f -> f.binlogPosition())
        .then(own -> Work.read(f -> own.merge(f.replicated())))
        .then(held ->
            held.covers(before)
                ? Act.value(true)
                : Act.refused("it restarted, and has " + held + " instead of " + before));
  }

  private static Act<Evidence> same(Promoting.WriteReign step, Row row) {
    String other = row.server().orElse("nobody");
    return other.equals(step.reign().primary().name())
        ? Act.value(new Nothing())
        : Act.refused("epoch " + step.reign().epoch() + " belongs to " + other);
  }

  private static Act<Evidence> look(Promoting.LookForReign step) {
    return SemiSync.waiting()
        .then(waiting ->
            row(step.epoch())
                .then(row ->
                    row.server().isEmpty() && waiting > 0
                        ? Act.trouble(
                            new Trouble.Late(
                                "a commit waits for its acknowledgement, perhaps the reign"
                                    + " row"))
                        : Act.value(
                            new Found(row.server().equals(Optional.of(step.server().name()))))));
  }

  private static Act<Evidence> last() {
    return Act.of(work -> {
      SimServer server = work.office().server();
      return Work.read(f -> {
        var reigns = server.engine().reigns();
        return reigns.isEmpty()
            ? new LastReign(0, "")
            : new LastReign(reigns.lastKey(), reigns.lastEntry().getValue());
      });
    });
  }

  private static Act<Evidence> open(Promoting.OpenForWrites step) {
    return Work.findChannel(step.channel())
        .then(channel ->
            channel.filter(c -> c.io() != ThreadState.NO || c.sqlRunning()).isPresent()
                ? Act.<Boolean>refused("it still replicates from " + channel.get().source())
                : step.acknowledged() ? SemiSync.demandPrimaryOn() : Act.value(true))
        .then(ReceivingActs.plain(step));
  }

  private static Act<Evidence> forget(Promoting.ForgetSource step) {
    return Work.findChannel(step.channel())
        .then(found -> {
          if (found.isEmpty()) {
            return Act.value(new Nothing());
          }
          boolean runs = found.get().io() != ThreadState.NO || found.get().sqlRunning();
          return runs ? Act.refused("its threads still run") : ReceivingActs.plain(step);
        });
  }
}
