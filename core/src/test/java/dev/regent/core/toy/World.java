package dev.regent.core.toy;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Command;
import dev.regent.core.control.Picture;
import dev.regent.core.control.Reply;
import dev.regent.core.model.Check;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Gtid;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Decision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Everything at once: the cluster, its clients, the manager and the one clock. A story builds one,
 * lets something happen, lets time pass, and looks.
 */
public final class World {
  public static final ServerId DB1 = new ServerId("db1");
  public static final ServerId DB2 = new ServerId("db2");
  public static final ServerId DB3 = new ServerId("db3");

  private static final long START_MILLIS = 1_800_000_000_000L;

  private final ToyCluster cluster;
  private final ToyManager manager;
  private long writeEveryMillis = 20;
  private boolean oneWriter = true;

  public World(ClusterSpec spec, ClusterRecord record) {
    this.cluster = new ToyCluster(spec, START_MILLIS);
    this.manager = new ToyManager(cluster, record);
  }

  /** Three servers of this profile, db1 primary, adopted and quiet. */
  public static World of(Policy.Profile profile) {
    return of(Specs.of(profile, 3));
  }

  /** A cluster whose first server is primary, adopted and quiet. */
  public static World of(ClusterSpec spec) {
    World world = new World(spec, ClusterRecord.blank());
    ServerId primary = spec.servers().getFirst().id();
    world.cluster.replicateFrom(primary);
    switch (spec.policy().profile()) {
      case ASYNC -> {}
      case AVAILABLE ->
          world.cluster.semiSync(
              primary, spec.policy().replication().semiSyncTimeout().toMillis(), false);
      case SAFE -> world.cluster.semiSync(primary, -1, true);
    }
    world.manager.start();
    world.until("adopted", () -> world.record().epoch() == 1 && world.quiet());
    world.run(Duration.ofSeconds(3));
    world.manager.listen();
    return world;
  }

  public ToyCluster cluster() {
    return cluster;
  }

  public ToyManager manager() {
    return manager;
  }

  public ToyServer server(ServerId id) {
    return cluster.server(id);
  }

  public ClusterRecord record() {
    return manager.record();
  }

  public Picture picture() {
    return manager.picture();
  }

  public ServerId primary() {
    return record().reign().orElseThrow().primary();
  }

  // --- what happens

  /** Clients write this often; 0 is never. */
  public World writing(long everyMillis) {
    writeEveryMillis = everyMillis;
    return this;
  }

  /** Two servers may be writable in this story: that is what it is about. */
  public World severalWriters() {
    oneWriter = false;
    return this;
  }

  /** Gives an order and waits for its answer. */
  public Reply order(Command command) {
    long id = manager.order(command);
    until("an answer", () -> manager.reply(id).isPresent());
    return manager.reply(id).orElseThrow();
  }

  // --- time

  public World run(Duration duration) {
    long end = cluster.nowMillis() + duration.toMillis();
    while (cluster.nowMillis() < end) {
      millisecond();
    }
    return this;
  }

  /** Lets time pass until something holds; a minute of the toy's time at most. */
  public World until(String what, BooleanSupplier holds) {
    return until(what, Duration.ofMinutes(1), holds);
  }

  public World until(String what, Duration limit, BooleanSupplier holds) {
    long end = cluster.nowMillis() + limit.toMillis();
    while (!holds.getAsBoolean()) {
      if (cluster.nowMillis() >= end) {
        throw new AssertionError("not within " + limit + ": " + what + "\n" + story());
      }
      millisecond();
    }
    return this;
  }

  /** Lets time pass until all is as it should be. */
  public World settle() {
    return settle(Duration.ofMinutes(1));
  }

  public World settle(Duration limit) {
    long end = cluster.nowMillis() + limit.toMillis();
    while (!settled() && cluster.nowMillis() < end) {
      run(Duration.ofMillis(10));
    }
    if (!settled()) {
      throw new AssertionError("not settled: " + Settled.complaints(this) + "\n" + story());
    }
    return this;
  }

  private void millisecond() {
    cluster.tick();
    if (writeEveryMillis > 0 && cluster.nowMillis() % writeEveryMillis == 0) {
      cluster.writable().stream()
          .filter(s -> cluster.server(s).pending.isEmpty())
          .forEach(s -> cluster.write(s, 0));
    }
    manager.tick();
    Check.that(
        !oneWriter || cluster.writable().size() < 2,
        cluster.writable() + " are writable at once\n" + story());
  }

  // --- orders

  public Reply failOver(boolean force) {
    return order(new Command.FailOver("ann", Optional.empty(), force, false));
  }

  public Reply failOver(ServerId to, boolean force) {
    return order(new Command.FailOver("ann", Optional.of(to), force, false));
  }

  public Reply switchOver() {
    return order(new Command.SwitchOver("ann", Optional.empty(), false, false));
  }

  public Reply switchOver(ServerId to) {
    return order(new Command.SwitchOver("ann", Optional.of(to), false, false));
  }

  public Reply rejoin(ServerId server) {
    return order(new Command.Rejoin("ann", server, false));
  }

  // --- what can be seen

  /** No plan is at work or left behind. */
  public boolean quiet() {
    return record().plan().isEmpty();
  }

  public List<Diagnosis> diagnoses() {
    return picture().diagnoses();
  }

  public <T extends Diagnosis> List<T> diagnoses(Class<T> kind) {
    return diagnoses().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  public boolean shows(Class<? extends Diagnosis> kind) {
    return !diagnoses(kind).isEmpty();
  }

  /** It holds now, for this reason. */
  public boolean holds(Decision.Reason reason) {
    return picture().decisions().stream()
        .anyMatch(d -> d instanceof Decision.Hold h && h.reason() == reason);
  }

  /** Acknowledged writes that the present primary does not have. */
  public List<Gtid> lost() {
    return cluster.acknowledged().stream().filter(g -> !server(primary()).has(g)).toList();
  }

  /** One writable primary, and everybody else that is up follows it, whole, or is held out. */
  public boolean settled() {
    return Settled.complaints(this).isEmpty();
  }

  /** The manager's audit trail so far, for a failing story. */
  public String story() {
    return String.join("\n", manager.trail());
  }
}
