package dev.regent.proxy.fleet;

import dev.regent.core.model.ServerId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The servers as readers share them. All sessions of a proxy use one, from any thread; nothing here
 * waits.
 *
 * <p>The choice is by least outstanding statements for its weight, then by fewest sessions; what
 * other sessions do in the same moment may be missed, which costs balance and nothing else.
 */
public final class Fleet {
  private final Map<ServerId, Seat> seats = new LinkedHashMap<>();
  private final AtomicReference<Positions> newest = new AtomicReference<>(Positions.NONE);

  public Fleet(Map<ServerId, Member> members) {
    members.forEach((id, member) -> seats.put(id, new Seat(member)));
  }

  private static final class Seat {
    private final Member member;
    private final AtomicInteger statements = new AtomicInteger();
    private final AtomicInteger sessions = new AtomicInteger();
    private volatile OptionalLong lagSeconds = OptionalLong.empty();

    Seat(Member member) {
      this.member = member;
    }
  }

  /** What was seen of a server; empty: it does not say. */
  public void lags(ServerId server, OptionalLong seconds) {
    Seat seat = seats.get(server);
    if (seat != null) {
      seat.lagSeconds = seconds;
    }
  }

  /** Whether it may be read from, with so much lag at most; empty: with any. */
  public boolean isFresh(ServerId server, OptionalLong lagMax) {
    Seat seat = seats.get(server);
    return seat != null
        && seat.member.weight() > 0
        && (lagMax.isEmpty()
            || (seat.lagSeconds.isPresent() && seat.lagSeconds.getAsLong() <= lagMax.getAsLong()));
  }

  /**
   * The one of these servers that has least to do, out of the zone if it has any of them.
   *
   * @param zone empty: any
   */
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

  /** A session reads from there from now on, or no longer. */
  public void countSession(ServerId server, int change) {
    seat(server).sessions.addAndGet(change);
  }

  /** A statement is on its way there, or answered. */
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

  /** A session has heard of this write. */
  public void wrote(Positions positions) {
    newest.accumulateAndGet(positions, Positions::with);
  }

  /** Of all sessions. */
  public Positions newest() {
    return Objects.requireNonNull(newest.get());
  }
}
