package dev.regent.proxy.net;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.fleet.Fleet;
import dev.regent.proxy.fleet.Member;
import dev.regent.proxy.fleet.Positions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The servers as readers share them. All sessions of a proxy use one, from any thread; nothing here
 * waits.
 *
 * <p>The choice is by least outstanding statements for its weight, then by fewest sessions; what
 * other sessions do in the same moment may be missed, which costs balance and nothing else.
 */
public final class SharedFleet implements Fleet {
  private static final long UNKNOWN = Long.MAX_VALUE;

  private final Map<ServerId, Seat> seats = new LinkedHashMap<>();
  private final AtomicReference<Positions> newest = new AtomicReference<>(Positions.NONE);

  public SharedFleet(Map<ServerId, Member> members) {
    members.forEach((id, member) -> seats.put(id, new Seat(member)));
  }

  private static final class Seat {
    private final Member member;
    private final AtomicInteger statements = new AtomicInteger();
    private final AtomicInteger sessions = new AtomicInteger();
    private volatile long lagSeconds = UNKNOWN;

    Seat(Member member) {
      this.member = member;
    }
  }

  /** What was seen of a server. */
  public void lags(ServerId server, long seconds) {
    Seat seat = seats.get(server);
    if (seat != null) {
      seat.lagSeconds = seconds;
    }
  }

  /** The server does not say how much it lags. */
  public void lagsUnknown(ServerId server) {
    lags(server, UNKNOWN);
  }

  @Override
  public boolean reads(ServerId server) {
    Seat seat = seats.get(server);
    return seat != null && seat.member.weight() > 0;
  }

  @Override
  public boolean isFresh(ServerId server, long lagMaxSeconds) {
    return reads(server) && seat(server).lagSeconds <= lagMaxSeconds;
  }

  @Override
  public Optional<ServerId> choose(List<ServerId> fresh, String zone) {
    Optional<ServerId> best = Optional.empty();
    for (ServerId server : fresh) {
      if (best.isEmpty() || better(seat(server), seat(best.get()), zone)) {
        best = Optional.of(server);
      }
    }
    return best;
  }

  private static boolean better(Seat one, Seat other, String zone) {
    boolean near = zone.isEmpty() || one.member.zone().equals(zone);
    boolean otherNear = zone.isEmpty() || other.member.zone().equals(zone);
    if (near != otherNear) {
      return near;
    }
    int statements =
        Long.compare(
            (long) one.statements.get() * other.member.weight(),
            (long) other.statements.get() * one.member.weight());
    // As if one more came: so that weights count where nobody is yet.
    return statements != 0
        ? statements < 0
        : (one.sessions.get() + 1L) * other.member.weight()
            < (other.sessions.get() + 1L) * one.member.weight();
  }

  private Seat seat(ServerId server) {
    Seat seat = seats.get(server);
    if (seat == null) {
      throw new IllegalArgumentException("no server " + server);
    }
    return seat;
  }

  @Override
  public void countSession(ServerId server, int change) {
    seat(server).sessions.addAndGet(change);
  }

  @Override
  public void countStatement(ServerId server, int change) {
    seat(server).statements.addAndGet(change);
  }

  public int statements(ServerId server) {
    return seat(server).statements.get();
  }

  public int sessions(ServerId server) {
    return seat(server).sessions.get();
  }

  // --- the newest write

  @Override
  public void wrote(Positions positions) {
    newest.accumulateAndGet(positions, Positions::with);
  }

  @Override
  public Positions newest() {
    return Objects.requireNonNull(newest.get());
  }
}
