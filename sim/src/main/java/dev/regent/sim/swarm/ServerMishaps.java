package dev.regent.sim.swarm;

import dev.regent.core.model.ServerId;
import dev.regent.sim.commit.StartFile;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.mariadb.Account;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.mariadb.Statement;
import dev.regent.sim.swarm.Mishap.Comeback;
import dev.regent.sim.world.World;
import java.util.ArrayList;
import java.util.List;

/** What befalls servers. */
final class ServerMishaps {
  private final World world;
  private final Injector injector;

  ServerMishaps(World world, Injector injector) {
    this.world = world;
    this.injector = injector;
  }

  void happen(Mishap.OfServer mishap) {
    ServerId id = mishap.target().in(world);
    SimServer server = world.server(id);
    world.disturbances().befall(server.process().host());
    boolean runs = server.process().running() && server.listening();
    switch (mishap) {
      case Mishap.Kill m -> {
        if (server.process().life() != SimProcess.Life.GONE) {
          world.fate(id).kill(m.teardown() * Kernel.MILLISECOND);
          comeBack(id, m.teardown() + m.back(), m.comeback());
        }
      }
      case Mishap.PowerCut m -> {
        if (server.process().life() != SimProcess.Life.GONE) {
          world.fate(id).cutPower();
          comeBack(id, m.back(), m.comeback());
        }
      }
      case Mishap.ShutDown m -> {
        if (runs) {
          world.fate(id).shutDown();
          comeBack(id, m.back(), m.comeback());
        }
      }
      case Mishap.Freeze m -> {
        server.process().freeze();
        injector.later(m.lasts(), () -> thaw(server));
      }
      case Mishap.Relief m -> {
        world.network().hosts().forEach(h -> world.network().join(server.process().host(), h));
        server.process().thaw();
      }
      case Mishap.SlowApply m -> {
        server.applyNanos(world.setup().applyNanos() * m.times());
        injector.later(m.lasts(), () -> server.applyNanos(world.setup().applyNanos()));
      }
      case Mishap.DiskFull m -> {
        server.diskFull(true);
        injector.later(m.lasts(), () -> server.diskFull(false));
      }
      case Mishap.TooManyConnections m -> {
        server.troubles().full(true);
        injector.later(m.lasts(), () -> server.troubles().full(false));
      }
      case Mishap.DenyAccess m -> {
        String user = m.manager() ? Account.MANAGER.user() : Account.REPLICATION.user();
        server.troubles().deny(user, true);
        injector.later(m.lasts(), () -> server.troubles().deny(user, false));
      }
      case Mishap.StrayWrites m -> stray(server, m);
      case Mishap.Tamper m -> world.administrator().run(server, m.sql().toArray(String[]::new));
      case Mishap.HoldTables m -> holdTables(server, m.lasts());
      case Mishap.BreakApplier m -> server.process().run(() -> breakApplier(server));
      case Mishap.KillClients m ->
          world
              .administrator()
              .run(
                  server,
                  List.of(new Statement.KillAll(s -> s.account().equals(Account.APPLICATION))),
                  reply -> {});
    }
  }

  private void thaw(SimServer server) {
    world.disturbances().befall(server.process().host());
    server.process().thaw();
  }

  private void comeBack(ServerId id, long millis, Comeback how) {
    if (how == Comeback.NEVER) {
      return;
    }
    StartFile usual = world.setup().file();
    StartFile file =
        switch (how) {
          case TRUNCATING -> usual.truncating();
          case CARELESS -> usual.careless();
          case AS_CONFIGURED, NEVER -> usual;
        };
    injector.later(
        millis,
        () -> {
          world.disturbances().befall(world.server(id).process().host());
          world.server(id).file(file);
          world.fate(id).start();
          if (world.fate(id).receivedLost() > 0) {
            world.promises().voided("a power cut took what " + id + " had acknowledged");
          }
        });
  }

  private void stray(SimServer server, Mishap.StrayWrites mishap) {
    List<Statement> writes = new ArrayList<>();
    for (int i = 0; i < mishap.rows(); i++) {
      writes.add(new Statement.Write(world.writes().newRow(), mishap.domain()));
    }
    world.administrator().run(server, writes, reply -> {});
  }

  private void holdTables(SimServer server, long lasts) {
    world.administrator().hold(server, new Statement.LockTables(), lasts * Kernel.MILLISECOND);
  }

  private static void breakApplier(SimServer server) {
    server.channels().forEach(c -> c.applier().breakDown(1032, "Can't find record in 't'"));
  }
}
