package dev.regent.core.toy;

import dev.regent.core.analyze.Receipt;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.ServerFacts.Durability;
import dev.regent.core.model.ServerFacts.SemiSync;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Freezing;
import dev.regent.core.plan.Keeping;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting;
import dev.regent.core.plan.Receiving;
import dev.regent.core.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Executes steps on the toy cluster, as the real executor promises to: each rechecks its
 * precondition on the server, and those that wait are asked again until their deadline.
 */
public final class ToySteps {
  private final ToyCluster cluster;
  private final Map<Promoting.RunHook.Hook, Outcome> hooks = new TreeMap<>();
  private final List<String> objections = new ArrayList<>();
  private final List<Spoilt> spoilt = new ArrayList<>();

  private record Spoilt(Class<? extends Step> kind, boolean takesEffect, Outcome outcome) {}

  ToySteps(ToyCluster cluster) {
    this.cluster = cluster;
  }

  /** From now on this hook ends so. */
  public void hook(Promoting.RunHook.Hook hook, Outcome outcome) {
    hooks.put(hook, outcome);
  }

  /** The next step of this kind ends so, whether or not it takes effect. */
  public void spoil(Class<? extends Step> kind, boolean takesEffect, Outcome outcome) {
    spoilt.add(new Spoilt(kind, takesEffect, outcome));
  }

  /** What a check of the primary finds from now on. */
  public void objections(String... reasons) {
    objections.clear();
    objections.addAll(List.of(reasons));
  }

  /**
   * Tries a step once; empty if it has to wait.
   *
   * @param last its deadline is here: it must end now
   */
  Optional<Outcome> attempt(Step step, boolean last) {
    Optional<Spoilt> spoil = spoilt.stream().filter(s -> s.kind().isInstance(step)).findFirst();
    if (spoil.isEmpty()) {
      return really(step, last);
    }
    Optional<Outcome> outcome =
        spoil.get().takesEffect() ? really(step, last) : Optional.of(spoil.get().outcome());
    if (outcome.isPresent()) {
      spoilt.remove(spoil.get());
    }
    return outcome.map(o -> spoil.get().outcome());
  }

  private Optional<Outcome> really(Step step, boolean last) {
    if (step instanceof Promoting.RunHook h) {
      return Optional.of(hooks.getOrDefault(h.hook(), Outcome.ok()));
    }
    ToyServer server = cluster.server(step.server());
    if (server.process == ToyServer.Life.DOWN) {
      return Optional.of(new Outcome.Failed("connection refused"));
    }
    if (!server.up() || !cluster.connected(ToyCluster.MANAGER, step.server())) {
      return last ? Optional.of(new Outcome.Unknown("no answer in time")) : Optional.empty();
    }
    if (server.refuses.isPresent()) {
      return Optional.of(new Outcome.Failed("the server refuses the manager"));
    }
    return switch (step) {
      case Receiving s -> receiving(server, s, last);
      case Promoting s -> promoting(server, s, last);
      case Freezing s -> freezing(server, s, last);
      case Keeping s -> keeping(server, s, last);
    };
  }

  private static Optional<Outcome> done(Evidence evidence) {
    return Optional.of(new Outcome.Done(evidence));
  }

  private static Optional<Outcome> ok() {
    return Optional.of(Outcome.ok());
  }

  private static Optional<Outcome> failed(String reason) {
    return Optional.of(new Outcome.Failed(reason));
  }

  // --- receiving

  private Optional<Outcome> receiving(ToyServer server, Receiving step, boolean last) {
    return switch (step) {
      case Receiving.Examine s -> done(server.standing());
      case Receiving.RelaxDurability s -> {
        server.durability = Durability.RELAXED;
        yield ok();
      }
      case Receiving.RestoreDurability s -> {
        server.durability = s.original();
        yield ok();
      }
      case Receiving.Follow s -> follow(server, s);
      case Receiving.StopReceiving s -> stopReceiving(server, s.channel());
      case Receiving.Rescue s -> rescue(server, s.channel(), last);
      case Receiving.FetchMissing s -> {
        server.fetch(cluster.server(s.source()), s.until());
        yield done(server.standing());
      }
      case Receiving.Drain s -> drain(server, s, last);
      case Receiving.StopReplication s -> {
        server.channel(s.channel()).ifPresent(ToyChannel::stop);
        yield ok();
      }
      case Receiving.StartReceiving s -> startReceiving(server, s.channel());
      case Receiving.StartReplication s -> startReplication(server, s.channel());
      case Receiving.RestartReceiving s -> reconnect(server, s.channel());
      case Receiving.TestPrimary s -> {
        Optional<Outcome> outcome = reconnect(server, s.channel());
        if (outcome.filter(o -> !connected(o)).isPresent()) {
          server.channel(s.channel()).orElseThrow().io = ThreadState.NO;
        }
        yield outcome;
      }
    };
  }

  private static boolean connected(Outcome outcome) {
    return outcome instanceof Outcome.Done d
        && d.evidence() instanceof Evidence.Found f
        && f.found();
  }

  private static Optional<Outcome> stopReceiving(ToyServer server, String name) {
    Optional<ToyChannel> channel = server.channel(name);
    if (channel.isEmpty()) {
      return failed("there is no connection '" + name + "'");
    }
    channel.get().io = ThreadState.NO;
    return done(server.standing());
  }

  private static Optional<Outcome> rescue(ToyServer server, String name, boolean last) {
    ToyChannel channel = server.channel(name).orElseThrow();
    channel.io = ThreadState.NO;
    if (channel.usesGtid && !channel.sql) {
      channel.usesGtid = false;
      channel.sql = true;
      return Optional.empty();
    }
    if (channel.relay.isEmpty()) {
      channel.received = server.applied();
      return done(server.standing());
    }
    if (!channel.sql) {
      return failed("the SQL thread stopped: " + channel.sqlProblem.text());
    }
    return last ? failed("not applied in time") : Optional.empty();
  }

  private static Optional<Outcome> drain(ToyServer server, Receiving.Drain step, boolean last) {
    ToyChannel channel = server.channel(step.channel()).orElseThrow();
    if (server.applied().covers(step.target())) {
      return done(server.standing());
    }
    if (!channel.sql) {
      return failed("the SQL thread stopped: " + channel.sqlProblem.text());
    }
    return last ? Optional.of(new Outcome.Unknown("not in time")) : Optional.empty();
  }

  private static Optional<Outcome> startReceiving(ToyServer server, String name) {
    ToyChannel channel = server.channel(name).orElseThrow();
    if (!channel.sql || !channel.usesGtid) {
      return failed("its SQL thread is stopped, or it is not in GTID mode");
    }
    server.start(channel, true, false);
    return ok();
  }

  private static Optional<Outcome> startReplication(ToyServer server, String name) {
    ToyChannel channel = server.channel(name).orElseThrow();
    if (!channel.usesGtid || (channel.stopped() && !channel.relay.isEmpty())) {
      return failed("starting would delete the relay log");
    }
    server.start(channel, true, true);
    return ok();
  }

  private Optional<Outcome> reconnect(ToyServer server, String name) {
    ToyChannel channel = server.channel(name).orElseThrow();
    if (!channel.sql || !channel.usesGtid) {
      return failed("its SQL thread is stopped: restarting the other would delete the relay log");
    }
    channel.io = ThreadState.NO;
    server.start(channel, true, false);
    return connected(server, channel);
  }

  private Optional<Outcome> connected(ToyServer server, ToyChannel channel) {
    Optional<ToyServer> source =
        cluster.spec().at(channel.source).map(s -> cluster.server(s.id())).filter(ToyServer::up);
    source
        .filter(s -> cluster.connected(server.id(), s.id()))
        .ifPresent(s -> cluster.connect(server, channel, s));
    return done(new Evidence.Found(channel.io == ThreadState.YES));
  }

  private Optional<Outcome> follow(ToyServer server, Receiving.Follow step) {
    if (!server.pending.isEmpty()) {
      return failed("commits wait for an acknowledgement");
    }
    server.readOnly = true;
    Optional<ToyChannel> before = server.channel(step.channel());
    boolean acknowledges = step.acknowledges() || step.demote();
    if (before.isPresent()
        && before.get().running()
        && before.get().source.equals(step.address())
        && before.get().acknowledges == acknowledges) {
      return done(new Evidence.Found(true));
    }
    ToyChannel channel = before.orElseGet(() -> new ToyChannel(step.channel(), step.address()));
    if (before.isEmpty()) {
      server.channels.add(channel);
    }
    channel.stop();
    channel.source = step.address();
    channel.usesGtid = true;
    SemiSync now = server.semiSync;
    server.semiSync =
        new SemiSync(
            false, acknowledges, now.timeoutMillis(), now.waitPoint(), now.waitNoReplica());
    if (step.demote()) {
      server.slavePos = server.applied();
    }
    if (!step.heartbeat().isZero()) {
      channel.heartbeat = step.heartbeat();
    }
    server.start(channel, true, true);
    return connected(server, channel);
  }

  // --- promoting

  private Optional<Outcome> promoting(ToyServer server, Promoting step, boolean last) {
    return switch (step) {
      case Promoting.RunHook s -> ok();
      case Promoting.FenceReadOnly s -> close(server, last);
      case Promoting.SetSemiSyncPrimary s -> semiSync(server, s);
      case Promoting.WriteReign s -> writeReign(server, s, last);
      case Promoting.LookForReign s ->
          server.pending.isEmpty()
              ? done(new Evidence.Found(server.reigns.containsKey(s.epoch())))
              : Optional.of(new Outcome.Unknown("a commit waits for its acknowledgement"));
      case Promoting.ReadLastReign s ->
          done(
              server.reigns.entrySet().stream()
                  .max(java.util.Map.Entry.comparingByKey())
                  .map(e -> new Evidence.LastReign(e.getKey(), e.getValue()))
                  .orElse(new Evidence.LastReign(0, "")));
      case Promoting.OpenForWrites s -> {
        if (server.channel(s.channel()).filter(c -> !c.stopped()).isPresent()) {
          yield failed("it still replicates");
        }
        if (s.acknowledged() && !server.semiSync.primaryEnabled()) {
          yield failed("it restarted");
        }
        server.readOnly = false;
        yield ok();
      }
      case Promoting.ForgetSource s -> {
        if (server.channel(s.channel()).filter(c -> !c.stopped()).isPresent()) {
          yield failed("its threads still run");
        }
        server.channels.removeIf(c -> c.name.equals(s.channel()));
        yield ok();
      }
      case Promoting.EnableEvents s -> {
        server.eventScheduler |= s.scheduler();
        yield ok();
      }
      case Promoting.DisableEvents s -> ok();
    };
  }

  /** {@code read_only} hangs behind commits that wait for an acknowledgement. */
  private static Optional<Outcome> close(ToyServer server, boolean last) {
    if (!server.pending.isEmpty()) {
      return last ? failed("unfenced: hung commits") : Optional.empty();
    }
    server.readOnly = true;
    return ok();
  }

  private static Optional<Outcome> semiSync(ToyServer server, Promoting.SetSemiSyncPrimary step) {
    if (!step.on() && !server.pending.isEmpty()) {
      return failed("commits wait for an acknowledgement");
    }
    server.semiSync =
        new SemiSync(
            step.on(),
            server.semiSync.replicaEnabled(),
            step.on() ? step.timeoutMillis() : server.semiSync.timeoutMillis(),
            "AFTER_SYNC",
            step.on() ? step.waitNoReplica() : server.semiSync.waitNoReplica());
    return ok();
  }

  private Optional<Outcome> writeReign(ToyServer server, Promoting.WriteReign step, boolean last) {
    long epoch = step.reign().epoch();
    String owner = step.reign().primary().name();
    if (server.reigns.containsKey(epoch) && !owner.equals(server.reigns.get(epoch))) {
      return failed("epoch " + epoch + " belongs to " + server.reigns.get(epoch));
    }
    boolean restarted =
        !server.applied().covers(step.reign().before())
            || (step.acknowledged() && !server.semiSync.primaryEnabled());
    if (!server.reigns.containsKey(epoch) && restarted) {
      return failed("it restarted");
    }
    if (!server.reigns.containsKey(epoch)) {
      Transaction row = server.log(0, epoch, owner, cluster.nowMillis());
      cluster.commit(server, row);
    }
    boolean waits = server.pending.stream().anyMatch(p -> p.transaction().epoch() == epoch);
    if (waits) {
      return last ? Optional.of(new Outcome.Unknown("no acknowledgement")) : Optional.empty();
    }
    return ok();
  }

  // --- freezing

  private Optional<Outcome> freezing(ToyServer server, Freezing step, boolean last) {
    return switch (step) {
      case Freezing.CheckPrimary s -> done(new Evidence.Objections(objections));
      case Freezing.Freeze s -> {
        Optional<Outcome> closed = close(server, last);
        if (closed.filter(Outcome::done).isEmpty()) {
          yield closed;
        }
        server.eventScheduler = false;
        yield done(new Evidence.Position(server.state.position(), server.state));
      }
      case Freezing.CheckFrozen s -> {
        GtidPosition now = server.state.position();
        yield server.readOnly && now.equals(s.position())
            ? ok()
            : failed("it takes writes again, or moved on to " + now);
      }
      case Freezing.Unfreeze s -> {
        boolean restarted =
            !server.state.position().covers(s.holding())
                || (s.acknowledged() && !server.semiSync.primaryEnabled());
        if (server.readOnly && restarted) {
          yield failed("it restarted");
        }
        server.readOnly = false;
        server.eventScheduler |= s.eventScheduler();
        yield ok();
      }
    };
  }

  // --- keeping

  private Optional<Outcome> keeping(ToyServer server, Keeping step, boolean last) {
    return switch (step) {
      case Keeping.FenceReturned s -> {
        s.channels().forEach(n -> server.channel(n).ifPresent(c -> c.io = ThreadState.NO));
        yield closeDeposed(server, last);
      }
      case Keeping.SaveErrant s -> {
        long count = s.ranges().stream().mapToLong(r -> r.count()).sum();
        yield done(new Evidence.Saved("errant-" + server.id() + ".sql", count));
      }
      case Keeping.SetSemiSyncReplica s -> {
        SemiSync now = server.semiSync;
        server.semiSync =
            new SemiSync(
                now.primaryEnabled(),
                s.on(),
                now.timeoutMillis(),
                now.waitPoint(),
                now.waitNoReplica());
        yield ok();
      }
      case Keeping.ConfirmAcknowledging s -> {
        boolean on =
            server.channels.stream().anyMatch(c -> c.io == ThreadState.YES && c.acknowledges);
        yield on ? ok() : last ? failed("it does not acknowledge") : Optional.empty();
      }
      case Keeping.ConfirmDumpRenewed s -> {
        boolean still = acknowledges(s.replica(), server);
        yield !still ? ok() : last ? failed("still connected as before") : Optional.empty();
      }
      case Keeping.CloseForWrites s -> closeDeposed(server, last);
      case Keeping.PassOnReceipt s -> passOn(server, s.receipt());
    };
  }

  private Optional<Outcome> passOn(ToyServer server, Receipt receipt) {
    server.deaf = false;
    int entries = ToyChannel.entries(receipt.position());
    if (entries > server.binlog.size()) {
      return failed("its log is shorter");
    }
    GtidPosition logged = GtidPosition.EMPTY;
    for (Transaction entry : server.binlog.subList(0, entries)) {
      logged = logged.merge(new GtidPosition(List.of(entry.gtid())));
    }
    if (!receipt.proves(logged)) {
      return failed("up to there it has " + logged);
    }
    cluster.acknowledgeUpTo(server, entries);
    return ok();
  }

  /** Commits that wait are ended with their connections: they stay, and nobody is told OK. */
  private static Optional<Outcome> closeDeposed(ToyServer server, boolean last) {
    server.pending.clear();
    return close(server, last);
  }

  private boolean acknowledges(ServerId replica, ToyServer source) {
    return cluster.link(cluster.server(replica), source).filter(c -> c.acknowledges).isPresent();
  }
}
