package dev.regent.sim.world;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import dev.regent.sim.commit.Release;
import dev.regent.sim.commit.StartFile;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.mariadb.Fate;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.mariadb.Statement;
import java.util.List;
import java.util.Optional;

/** A server of somebody else's, which a replica of the cluster follows too: multi-source. */
final class Elsewhere {
  static final String CHANNEL = "elsewhere";

  private static final Endpoint ADDRESS = new Endpoint("elsewhere", 3306);
  private static final long SERVER_ID = 99;
  private static final long DOMAIN = 9;
  private static final long RHYTHM = 400 * Kernel.MILLISECOND;

  private final World world;
  private final SimServer server;
  private final Fate fate;

  Elsewhere(World world, SimProcess process) {
    this.world = world;
    ClusterSpec.Server spec =
        new ClusterSpec.Server(
            new ServerId("elsewhere"),
            ADDRESS,
            ADDRESS,
            ClusterSpec.Preference.NEUTRAL,
            0,
            "",
            false);
    this.server =
        new SimServer(
            spec,
            SERVER_ID,
            Release.V11_4,
            StartFile.CLOSED.careless(),
            world.network(),
            process,
            world.kernel(),
            world.dice().of("elsewhere"),
            address -> Optional.empty());
    this.fate = new Fate(server, world.kernel(), world.dice().of("elsewhere fate"));
  }

  SimServer server() {
    return server;
  }

  boolean is(Endpoint address) {
    return address.equals(ADDRESS);
  }

  void start() {
    fate.start();
    world.kernel().after(3 * Kernel.SECOND, this::write);
  }

  private void write() {
    world.administrator().run(server, List.of(new Statement.Alter(DOMAIN)), reply -> {});
    world.kernel().after(RHYTHM, this::write);
  }
}
