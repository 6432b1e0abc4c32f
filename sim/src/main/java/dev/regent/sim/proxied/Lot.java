package dev.regent.sim.proxied;

import dev.regent.core.model.Gtid;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.session.Terms;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.sim.kernel.Alarm;
import dev.regent.sim.kernel.Connection;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.mariadb.ByteFront;
import dev.regent.sim.mariadb.SimServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What production's {@code Lot} and {@code Parked} do: links that no session has at present. */
final class Lot {
  private static final long CLEANING_MAX = 2 * Kernel.SECOND;
  private static final List<String> FORGET =
      List.of("SET ROLE NONE", "SET session_track_schema=IF(@@global.init_connect='',1,NULL)");

  private final SimProxy proxy;
  private final int most;
  private final long time;

  /** The one that came last is taken first. */
  private final List<Parked> parked = new ArrayList<>();

  /**
   * @param most of them at one server; 0: nothing is pooled
   * @param time after which one that nobody takes is closed, in nanoseconds
   */
  Lot(SimProxy proxy, int most, long time) {
    this.proxy = proxy;
    this.most = most;
    this.time = time;
  }

  /** A link, whoever has it. */
  record Wire(SimServer server, Connection connection, ByteFront front, long thread) {}

  boolean pools() {
    return most > 0;
  }

  void park(Wire wire, Terms terms) {
    ServerId server = wire.server().id();
    boolean room = parked.stream().filter(p -> p.isAt(server)).count() < most;
    if (room) {
      Parked fresh = new Parked(wire, terms, proxy.leads(server));
      parked.addFirst(fresh);
      fresh.clean();
    } else {
      wire.connection().client().close();
    }
  }

  Optional<Wire> take(ServerId server, Terms terms) {
    Optional<Parked> found =
        parked.stream()
            .filter(p -> p.isAt(server) && p.isClean() && p.terms.equals(terms))
            .findFirst();
    found.ifPresent(p -> {
      parked.remove(p);
      p.alarm.cancel();
    });
    return found.map(p -> p.wire);
  }

  /** Closes the one that nobody has wanted for longest. */
  void makeRoom(ServerId server) {
    List<Parked> there = parked.stream().filter(p -> p.isAt(server) && p.isClean()).toList();
    if (!there.isEmpty()) {
      there.getLast().close();
    }
  }

  /** Closes what goes to a server that has not the role any more that it was used for. */
  void routed() {
    parked.stream().filter(p -> !p.serves()).toList().forEach(Parked::close);
  }

  /** Everything is gone. */
  void clear() {
    parked.clear();
  }

  private final class Parked implements ByteFront.Ear {
    private final Wire wire;
    private final Terms terms;
    private final boolean ofPrimary;
    private int answers;
    private Alarm alarm = Alarm.past();

    Parked(Wire wire, Terms terms, boolean ofPrimary) {
      this.wire = wire;
      this.terms = terms;
      this.ofPrimary = ofPrimary;
    }

    private boolean isAt(ServerId server) {
      return wire.server().id().equals(server);
    }

    private boolean isClean() {
      return answers > FORGET.size();
    }

    private boolean serves() {
      ServerId server = wire.server().id();
      return proxy.leads(server) || (!ofPrimary && proxy.table().replicas().contains(server));
    }

    private void clean() {
      wire.front().handTo(this);
      wire.connection().client().onLost(() -> parked.remove(this));
      alarm = proxy.process().after(CLEANING_MAX, this::close);
      PacketWriter all = new PacketWriter();
      all.bytes(new PacketWriter().int1(Command.RESET_CONNECTION.code()).packet(0));
      FORGET.forEach(
          sql -> all.bytes(new PacketWriter().int1(Command.QUERY.code()).text(sql).packet(0)));
      byte[] bytes = all.payload();
      wire.connection().client().send(() -> wire.front().receive(bytes));
    }

    private void close() {
      alarm.cancel();
      parked.remove(this);
      wire.connection().client().close();
    }

    @Override
    public void hears(byte[] bytes, String sql, int code) {
      if (!parked.contains(this)) {
        return;
      }
      answers++;
      if (code != 0 || (isClean() && !serves())) {
        close();
      } else if (isClean()) {
        alarm.cancel();
        alarm = proxy.process().after(time, this::close);
      }
    }

    @Override
    public void begins(String sql) {}

    @Override
    public void commits(long row, Gtid gtid) {
      proxy.judge().broken("a session ends whole", "row " + row + " is committed after it");
    }

    @Override
    public void reads(long row, boolean found) {}
  }
}
