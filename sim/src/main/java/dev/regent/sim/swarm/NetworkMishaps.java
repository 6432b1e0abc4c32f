package dev.regent.sim.swarm;

import dev.regent.sim.kernel.Host;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.Network;
import dev.regent.sim.swarm.Mishap.Cut;
import dev.regent.sim.swarm.Mishap.Part;
import dev.regent.sim.world.World;
import java.util.ArrayList;
import java.util.List;

/** What befalls the network. */
final class NetworkMishaps {
  private final World world;
  private final Injector injector;

  NetworkMishaps(World world, Injector injector) {
    this.world = world;
    this.injector = injector;
  }

  void happen(Mishap.OfNetwork mishap) {
    switch (mishap) {
      case Mishap.Isolate m -> {
        Host host = host(m.target());
        cut(host, others(host, m.from()), m.cut(), m.lasts());
      }
      case Mishap.IsolateManager m -> {
        Host host = world.manager().process().host();
        cut(host, others(host, Part.SERVERS), m.cut(), m.lasts());
      }
      case Mishap.BadPaths m -> bad(m);
    }
  }

  private Host host(Target target) {
    return world.server(target.in(world)).process().host();
  }

  private List<Host> others(Host host, Part part) {
    List<Host> servers =
        world.servers().values().stream()
            .map(s -> s.process().host())
            .filter(h -> !h.equals(host))
            .toList();
    Host manager = world.manager().process().host();
    return switch (part) {
      case MANAGER -> List.of(manager);
      case SERVERS -> servers;
      case CLIENTS -> List.of(world.clientHost());
      case CLUSTER -> {
        List<Host> all = new ArrayList<>(servers);
        all.add(manager);
        yield all;
      }
      case EVERYBODY -> {
        List<Host> all = new ArrayList<>(servers);
        all.add(manager);
        all.add(world.clientHost());
        yield all;
      }
    };
  }

  private void cut(Host host, List<Host> others, Cut cut, long lasts) {
    Network network = world.network();
    for (Host other : others) {
      world.disturbances().befall(host);
      world.disturbances().befall(other);
      switch (cut) {
        case BOTH_WAYS -> network.separate(host, other);
        case OUTBOUND -> network.drop(host, other);
        case INBOUND -> network.drop(other, host);
        case REJECTED -> {
          network.reject(host, other);
          network.reject(other, host);
        }
      }
    }
    injector.later(lasts, () -> others.forEach(other -> join(host, other)));
  }

  private void join(Host host, Host other) {
    world.disturbances().befall(host);
    world.disturbances().befall(other);
    world.network().join(host, other);
  }

  private void bad(Mishap.BadPaths mishap) {
    Host host = host(mishap.target());
    long latency = mishap.latencyMicros() * Kernel.MICROSECOND;
    for (Host other : world.network().hosts()) {
      if (!other.equals(host)) {
        world.disturbances().befall(host);
        world.network().quality(host, other, latency, mishap.loss());
        world.network().quality(other, host, latency, mishap.loss());
      }
    }
    injector.later(
        mishap.lasts(),
        () -> {
          world.disturbances().befall(host);
          for (Host other : world.network().hosts()) {
            if (!other.equals(host)) {
              world.network().usualQuality(host, other);
            }
          }
        });
  }
}
