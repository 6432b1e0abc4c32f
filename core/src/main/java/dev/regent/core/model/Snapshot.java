package dev.regent.core.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that a decision may use: configuration, stored record, one clock reading and what is known of
 * each server (STYLE rule 10). It fetches nothing.
 */
public record Snapshot(ClusterSpec spec, Moment now, ClusterRecord record, List<View> servers) {

  /**
   * One server as the manager sees it.
   *
   * @param latest the last probe's result; empty before the first one ended
   * @param seen the last successful probe, however old
   * @param missingSince when the present run of misses began; empty while it answers
   * @param misses length of the present run of misses
   * @param witness what it can testify about the primary; empty if it is no witness
   * @param lead transactions that it has and the primary lacked when it was read later; empty until
   *     the primary was read after it
   * @param lacks transactions that the primary had and this server lacked when it was read later,
   *     although it had applied as far; judged only where it follows the primary
   * @param mark the primary as it was first read after this server was attached again and seen to
   *     replicate: what it is compared with once it has applied as far; later writes are no part of
   *     that, or a running load would never let the comparison end
   * @param connecting since when its receiving threads were seen trying, without a look in between
   *     that found them connected or stopped
   * @param stuck since when commits were seen waiting for an acknowledgement without a look in
   *     between that found any acknowledged
   * @param shut it takes no writes, and did at an earlier look since the same start
   * @param commitsPerSecond growth of its own log, over the last seconds; 0 if unknown
   */
  public record View(
      ClusterSpec.Server spec,
      Optional<Observation> latest,
      Optional<Observation.Seen> seen,
      Optional<Moment> missingSince,
      int misses,
      Optional<Testimony> witness,
      Optional<List<GtidState.Range>> lead,
      List<GtidState.Range> lacks,
      Optional<ServerFacts> mark,
      Optional<Moment> connecting,
      Optional<Moment> stuck,
      boolean shut,
      double commitsPerSecond) {
    public View {
      lead = lead.map(List::copyOf);
      lacks = List.copyOf(lacks);
    }

    public ServerId id() {
      return spec.id();
    }

    /** The facts of the latest probe; empty if it missed. */
    public Optional<ServerFacts> facts() {
      return latest.isPresent() && latest.get() instanceof Observation.Seen s
          ? Optional.of(s.facts())
          : Optional.empty();
    }

    /** Begins its comparison with the primary as it was read now. */
    public View marked(ServerFacts primary) {
      return new View(
          spec,
          latest,
          seen,
          missingSince,
          misses,
          witness,
          lead,
          lacks,
          Optional.of(primary),
          connecting,
          stuck,
          shut,
          commitsPerSecond);
    }

    public View unmarked() {
      return new View(
          spec,
          latest,
          seen,
          missingSince,
          misses,
          witness,
          lead,
          lacks,
          Optional.empty(),
          connecting,
          stuck,
          shut,
          commitsPerSecond);
    }

    public boolean reachable() {
      return facts().isPresent();
    }

    public Optional<Observation.Missed> missed() {
      return latest.isPresent() && latest.get() instanceof Observation.Missed m
          ? Optional.of(m)
          : Optional.empty();
    }
  }

  /**
   * What a replica can say about the primary: it was connected to it when we last saw the primary
   * well, so its receiving thread's state is evidence (DESIGN 5).
   *
   * @param primary the server it testifies about
   * @param lastHeard when we last saw that it had heard the primary: heartbeat, event, reconnection
   * @param heardAfter the look before that one: what it heard, it heard after this; empty if it was
   *     the first look
   * @param lagSeconds what it lagged when it was last connected: later it tells none
   * @param period its heartbeat period; zero if heartbeats are off
   * @param checked result of the last restart of its receiving thread, made to test the primary
   */
  public record Testimony(
      ServerId primary,
      Moment lastHeard,
      Optional<Moment> heardAfter,
      OptionalLong lagSeconds,
      Duration period,
      Optional<Checked> checked) {}

  /** {@code reached}: the receiving thread connected to the primary after {@code at}. */
  public record Checked(Moment at, boolean reached) {}

  public Snapshot {
    servers = List.copyOf(servers);
  }

  public Policy policy() {
    return spec.policy();
  }

  public View view(ServerId id) {
    Optional<View> found = servers.stream().filter(v -> v.id().equals(id)).findFirst();
    Check.that(found.isPresent(), "server " + id + " is not in the snapshot");
    return found.orElseThrow();
  }

  /** The server of the current reign, if one is stored. */
  public Optional<View> primary() {
    return record.reign().map(r -> view(r.primary()));
  }

  /** All servers but the current reign's primary, in configured order. */
  public List<View> others() {
    return servers.stream().filter(v -> !record.isPrimary(v.id())).toList();
  }

  public boolean inMaintenance(ServerId id) {
    return record.maintenance().containsKey(id);
  }
}
