package dev.regent.sim.world;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerId;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.mariadb.Account;
import dev.regent.sim.mariadb.SimServer;
import java.time.Duration;

/** Makes servers that were just started a replicating cluster, by plain SQL. */
final class Foundation {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(2);

  private static final int DELAY_SECONDS = 3;
  private static final long OPEN_FOR = 4 * Kernel.SECOND;

  private final World world;
  private final Setup setup;

  Foundation(World world) {
    this.world = world;
    this.setup = world.setup();
  }

  void lay() {
    setup.sources().forEach(this::follow);
    setup.aggregating().ifPresent(this::aggregate);
    world.run(LONG_ENOUGH);
    SimServer primary = world.server(setup.primary());
    switch (setup.profile()) {
      case ASYNC -> world.administrator().run(primary, "SET GLOBAL read_only=0");
      case AVAILABLE ->
          world
              .administrator()
              .run(primary, semiSync(timeoutMillis(), 0), "SET GLOBAL read_only=0");
      case SAFE ->
          world
              .administrator()
              .run(primary, semiSync("18446744073709551615", 1), "SET GLOBAL read_only=0");
    }
    world.run(LONG_ENOUGH);
    setup.sources().keySet().stream()
        .filter(s -> setup.odd(Oddity.TWO_OPEN, s))
        .forEach(s -> openForAWhile(world.server(s)));
    if (!world.administrator().complaints().isEmpty()) {
      throw new IllegalStateException("no foundation: " + world.administrator().complaints());
    }
  }

  private String heartbeat() {
    long millis = setup.spec().policy().replication().heartbeat().toMillis();
    return millis == 0 ? "" : ", MASTER_HEARTBEAT_PERIOD=" + millis / 1000.0;
  }

  private void openForAWhile(SimServer server) {
    world.administrator().run(server, "SET GLOBAL read_only=0");
    world
        .kernel()
        .after(OPEN_FOR, () -> world.administrator().run(server, "SET GLOBAL read_only=1"));
  }

  private String timeoutMillis() {
    return Long.toString(setup.spec().policy().replication().semiSyncTimeout().toMillis());
  }

  private static String semiSync(String timeout, int waitNoReplica) {
    return "SET GLOBAL rpl_semi_sync_master_wait_point=AFTER_SYNC"
        + ", GLOBAL rpl_semi_sync_master_timeout="
        + timeout
        + ", GLOBAL rpl_semi_sync_master_enabled=1, GLOBAL rpl_semi_sync_master_wait_no_slave="
        + waitNoReplica;
  }

  private void aggregate(ServerId replica) {
    String channel = "'" + Elsewhere.CHANNEL + "'";
    world
        .administrator()
        .run(
            world.server(replica),
            "CHANGE MASTER "
                + channel
                + " TO MASTER_HOST='elsewhere', MASTER_USER='"
                + Account.REPLICATION.user()
                + "', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1",
            "START SLAVE " + channel);
  }

  private void follow(ServerId replica, ServerId source) {
    ClusterSpec.Server spec = setup.spec().server(replica);
    ClusterSpec.Server above = setup.spec().server(source);
    boolean belowPrimary = source.equals(setup.primary());
    boolean acknowledges =
        setup.profile() != Policy.Profile.ASYNC && belowPrimary && spec.synchronous();
    world
        .administrator()
        .run(
            world.server(replica),
            "SET GLOBAL rpl_semi_sync_slave_enabled=" + (acknowledges ? 1 : 0),
            "CHANGE MASTER TO MASTER_DELAY="
                + (setup.odd(Oddity.DELAYED, replica) ? DELAY_SECONDS : 0)
                + ", MASTER_HOST='"
                + above.replicationAddress().host()
                + "', MASTER_PORT="
                + above.replicationAddress().port()
                + ", MASTER_USER='"
                + Account.REPLICATION.user()
                + "', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1"
                + heartbeat(),
            "START SLAVE");
  }
}
