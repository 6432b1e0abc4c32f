package dev.regent.sim.facts;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import dev.regent.sim.commit.Release;
import dev.regent.sim.commit.StartFile;
import dev.regent.sim.contract.ContractCase.Setting;
import dev.regent.sim.contract.Operation.Place;
import dev.regent.sim.contract.Operation.SetGlobal;
import dev.regent.sim.contract.Operation.Threads;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.Variable;
import dev.regent.sim.contract.Version;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.Network;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.kernel.Trace;
import dev.regent.sim.mariadb.Fate;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.replication.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A few simulated servers and one client, without a manager; a new one for each case. */
final class SimSubject implements Subject {
  private static final int PORT = 3306;

  private final Kernel kernel = new Kernel(Trace.silent());
  private final Release release;
  private final List<SimServer> servers = new ArrayList<>();
  private final List<SimMachine> machines = new ArrayList<>();

  private SimSubject(Release release, int count, long seed) {
    this.release = release;
    Dice dice = Dice.of(seed);
    Network network = new Network(kernel, dice.of("network"));
    SimProcess client = new SimProcess(kernel, network.host("client"));
    client.start();
    for (int number = 1; number <= count; number++) {
      SimServer server =
          new SimServer(
              spec(number),
              number,
              release,
              StartFile.CLOSED,
              network,
              new SimProcess(kernel, network.host("server" + number)),
              kernel,
              dice.of("server", number),
              this::at);
      servers.add(server);
      Fate fate = new Fate(server, kernel, dice.of("fate", number));
      machines.add(new SimMachine(this, server, fate, client));
    }
  }

  private ClusterSpec.Server spec(int number) {
    return new ClusterSpec.Server(
        new ServerId("server" + number),
        address(number),
        address(number),
        Preference.NEUTRAL,
        0,
        "",
        true);
  }

  Endpoint address(int number) {
    return new Endpoint("server" + number, PORT);
  }

  int numberAt(Endpoint address) {
    return Integer.parseInt(address.host().substring("server".length()));
  }

  private Optional<Source> at(Endpoint address) {
    return servers.stream()
        .filter(server -> server.spec().address().equals(address))
        .<Source>map(server -> server)
        .findFirst();
  }

  /** Servers that stand as the setting says. */
  static SimSubject start(Release release, Setting setting, long seed) {
    SimSubject subject = new SimSubject(release, setting.servers(), seed);
    subject.machines.forEach(SimMachine::start);
    if (setting.semiSync()) {
      subject.machines.forEach(
          machine -> Play.admin(machine, new SetGlobal(Variable.SEMI_SYNC_REPLICA, "1")));
      Play.admin(subject.server(1), new SetGlobal(Variable.SEMI_SYNC_PRIMARY, "1"));
    }
    Play.admin(subject.server(1), new SetGlobal(Variable.READ_ONLY, "0"));
    List<SimMachine> replicas = subject.machines.subList(1, setting.servers());
    for (SimMachine replica : replicas) {
      Play.admin(replica, Play.pointTo(1, Place.REPLICA_POS), Play.start(Threads.BOTH));
      Play.awaitConnected(subject, replica);
    }
    Play.awaitClients(subject, subject.server(1), setting.semiSync() ? replicas.size() : 0);
    return subject;
  }

  @Override
  public Version version() {
    return Version.parse(release.version());
  }

  @Override
  public SubjectServer server(int number) {
    return machines.get(number - 1);
  }

  @Override
  public Duration now() {
    return Duration.ofNanos(kernel.now());
  }

  @Override
  public boolean holdsWithin(Duration limit, BooleanSupplier condition) {
    long until = kernel.now() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (!kernel.next(until)) {
        return condition.getAsBoolean();
      }
    }
    return true;
  }
}
