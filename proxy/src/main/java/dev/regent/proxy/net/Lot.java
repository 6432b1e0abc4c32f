package dev.regent.proxy.net;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.net.Parked.End;
import dev.regent.proxy.seen.Counters.Name;
import dev.regent.proxy.seen.Neighbours.Place;
import dev.regent.proxy.session.Terms;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is parked on one event loop; nobody else touches it. */
final class Lot {
  private final Parking parking;
  private final Proxy proxy;

  /** The one that came last is taken first: so those that are too many end. */
  private final Map<ServerId, Deque<Parked>> parked = new TreeMap<>();

  /** Those whose servers have yet to forget who had them. */
  private final Set<Parked> cleaning = new LinkedHashSet<>();

  Lot(Parking parking, Proxy proxy) {
    this.parking = parking;
    this.proxy = proxy;
  }

  /** Takes over a connection, or closes it. */
  void park(ChannelHandler former, Channel channel, Parked.Link link) {
    Parked fresh = new Parked(this, channel, link, isPrimary(proxy.table(), link.server()));
    channel.pipeline().replace(former, null, fresh);
    boolean room = parking.takeSpace(link.server());
    if (!room) {
      fresh.close(End.NO_ROOM);
    } else if (isAimedAt(fresh)) {
      fresh.close(End.KILL);
    } else if (System.nanoTime() - link.since() > Parking.LIFE_MAX.toNanos()) {
      fresh.close(End.OLD);
    } else {
      cleaning.add(fresh);
      fresh.clean();
    }
  }

  /** Its server has forgotten who had it. */
  void cleaned(Parked one) {
    cleaning.remove(one);
    if (serves(proxy.table(), one)) {
      all(one.server()).addFirst(one);
      proxy.counters().count(Name.PARKED, one.server().name());
      one.expire(parking.time());
    } else {
      one.close(End.ROLE);
    }
  }

  /** One that had a space has it no more. */
  void gone(Parked one, End why) {
    cleaning.remove(one);
    all(one.server()).remove(one);
    parking.giveSpace(one.server());
    if (why == End.SERVER) {
      proxy.suspect(one.server());
    }
  }

  void count(ServerId server, End why) {
    proxy.counters().count(Name.GIVEN_UP, server.name() + "," + why.words());
  }

  Optional<Parked> take(ServerId server, Terms terms) {
    for (Parked one : List.copyOf(all(server))) {
      if (isAimedAt(one)) {
        one.close(End.KILL);
      } else if (one.terms().equals(terms) && one.isAlive()) {
        all(server).remove(one);
        parking.giveSpace(server);
        proxy.counters().count(Name.REUSED, server.name());
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  private boolean isAimedAt(Parked one) {
    return proxy.isAimedAt(new Place(one.server(), one.thread()));
  }

  /** Closes the one that nobody has wanted for longest. */
  void makeRoom(ServerId server) {
    Parked oldest = all(server).peekLast();
    if (oldest != null) {
      oldest.close(End.NO_ROOM);
    }
  }

  void clear() {
    everything().forEach(one -> one.close(End.OLD));
  }

  void clear(ServerId server, End why) {
    everything().filter(one -> one.server().equals(server)).forEach(one -> one.close(why));
  }

  /** Closes what goes to a server that has not the role any more that it was used for. */
  void routed(RoutingTable table) {
    everything().filter(one -> !serves(table, one)).forEach(one -> one.close(End.ROLE));
  }

  /** A copy: whatever is closed leaves it. */
  private Stream<Parked> everything() {
    return Stream.concat(cleaning.stream(), parked.values().stream().flatMap(Deque::stream))
        .toList()
        .stream();
  }

  private static boolean serves(RoutingTable table, Parked one) {
    return isPrimary(table, one.server())
        || (!one.ofPrimary() && table.replicas().contains(one.server()));
  }

  private static boolean isPrimary(RoutingTable table, ServerId server) {
    return table.primary().filter(server::equals).isPresent();
  }

  private Deque<Parked> all(ServerId server) {
    return parked.computeIfAbsent(server, id -> new ArrayDeque<>());
  }
}
