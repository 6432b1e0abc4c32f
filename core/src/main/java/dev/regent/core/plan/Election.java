package dev.regent.core.plan;

import dev.regent.core.analyze.Words;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the next primary by what the servers <em>received</em>, over all domains.
 *
 * <p>Invariant: the winner, or the server it must first catch up from, holds a superset of every
 * reachable received set. Only then do preferences speak. Sets that cannot be ordered are a split
 * brain, and nobody is chosen.
 */
public final class Election {
  private final Brief brief;
  private final List<Evidence.Standing> standings;
  private final GtidPosition received;
  private final List<String> refusals = new ArrayList<>();

  /** The result of an election. */
  public sealed interface Result {

    /**
     * @param teacher a server that holds more than the winner: the winner catches up from it first
     * @param errant servers with transactions of their own, which must not follow anybody
     */
    record Elected(
        Evidence.Standing winner,
        Optional<Evidence.Standing> teacher,
        List<ServerId> errant,
        String reasons)
        implements Result {
      public Elected {
        errant = List.copyOf(errant);
      }

      /** The server that holds most: the winner or its teacher. */
      Evidence.Standing holder() {
        return teacher.orElse(winner);
      }
    }

    record Nobody(String why) implements Result {}

    record SplitBrain(String why) implements Result {}
  }

  private Election(Brief brief, List<Evidence.Standing> standings, GtidPosition received) {
    this.brief = brief;
    this.standings = standings;
    this.received = received;
  }

  /**
   * @param received all that any reached server received, whether or not it can be kept
   */
  static Result hold(Brief brief, List<Evidence.Standing> standings, GtidPosition received) {
    return new Election(brief, standings, received).hold();
  }

  /** Whether this server has no transactions of its own, as far as the others can tell. */
  static boolean clean(Brief brief, List<Evidence.Standing> standings, Evidence.Standing standing) {
    return new Election(brief, standings, GtidPosition.EMPTY).errantFree(standing);
  }

  private Result hold() {
    List<Evidence.Standing> clean = standings.stream().filter(this::errantFree).toList();
    if (clean.isEmpty()) {
      return nobody();
    }
    List<Evidence.Standing> top = clean.stream().filter(s -> coversAll(s, clean)).toList();
    if (top.isEmpty()) {
      return new Result.SplitBrain(
          "no server holds everything that the others received: "
              + clean.stream().map(s -> s.server() + " has " + s.received()).toList());
    }
    Optional<Evidence.Standing> beyond =
        standings.stream()
            .filter(s -> !clean.contains(s))
            .filter(s -> top.stream().noneMatch(t -> t.received().covers(s.received())))
            .findFirst();
    if (beyond.isPresent() && brief.safe() && !brief.force()) {
      return new Result.SplitBrain(
          String.join("; ", refusals)
              + ", and may hold acknowledged writes that nobody else received");
    }
    List<Evidence.Standing> fit = clean.stream().filter(this::eligible).toList();
    Optional<Evidence.Standing> wanted =
        brief.wanted().flatMap(w -> fit.stream().filter(s -> s.server().equals(w)).findFirst());
    if (brief.wanted().isPresent() && wanted.isEmpty()) {
      refusals.add(brief.wanted().get() + " was asked for");
      return nobody();
    }
    Optional<Evidence.Standing> winner =
        wanted
            .or(() -> fit.stream().filter(top::contains).min(preference()))
            .or(() -> fit.stream().min(preference()));
    if (winner.isEmpty()) {
      return nobody();
    }
    List<ServerId> errant =
        standings.stream().filter(s -> !clean.contains(s)).map(Evidence.Standing::server).toList();
    return elected(winner.get(), top, errant);
  }

  private Result elected(
      Evidence.Standing winner, List<Evidence.Standing> top, List<ServerId> errant) {
    if (top.contains(winner)) {
      return new Result.Elected(
          winner,
          Optional.empty(),
          errant,
          (winner.received().covers(received)
                  ? "it holds everything that any reachable server received ("
                  : "it holds everything received that can be kept (")
              + winner.received()
              + ")");
    }
    Evidence.Standing teacher = top.stream().min(preference()).orElseThrow();
    return new Result.Elected(
        winner,
        Optional.of(teacher),
        errant,
        "it is preferred, and catches up from " + teacher.server() + " first");
  }

  private Result nobody() {
    return new Result.Nobody(
        refusals.isEmpty() ? "no replica was reached" : String.join("; ", refusals));
  }

  private static boolean coversAll(Evidence.Standing one, List<Evidence.Standing> all) {
    return all.stream().allMatch(s -> one.received().covers(s.received()));
  }

  /** Transactions that only this server has and that the old primary did not write. */
  private boolean errantFree(Evidence.Standing standing) {
    long oldId = brief.oldFacts().map(ServerFacts::serverId).orElse(oldIdFromChannels());
    List<GtidState.Range> errant =
        standing.binlogState().beyond(known(standing.server())).stream()
            .filter(r -> r.server() != oldId)
            .filter(r -> !inheritedDomain(r, standing))
            .toList();
    if (!errant.isEmpty()) {
      refusals.add(standing.server() + " has errant transactions " + errant);
    }
    return errant.isEmpty();
  }

  /**
   * With nobody to compare with (one server left, old primary never seen), only a server's own
   * transactions are suspicious; older reigns' are history.
   */
  private boolean inheritedDomain(GtidState.Range range, Evidence.Standing standing) {
    boolean nobodyElse = standings.size() == 1 && brief.oldFacts().isEmpty();
    long own = brief.facts(standing.server()).map(ServerFacts::serverId).orElse(0L);
    return nobodyElse && range.server() != own;
  }

  /**
   * What its position names and its log lacks. No position tells, so it would be preferred to those
   * who have it. Only an operator who names it may give that up, and only where nobody else could
   * lead with it: once the named one has written more, no log shows who has it and who has not.
   */
  private Optional<String> skippedOwn(Evidence.Standing standing) {
    List<GtidState.Range> ranges = passedOver(standing);
    List<ServerId> holders = holders(standing.server(), ranges);
    if (ranges.isEmpty() || (brief.overrules() && holders.isEmpty())) {
      return Optional.empty();
    }
    String wayOut =
        holders.isEmpty()
            ? " (failover --force --to " + standing.server() + " gives them up)"
            : "; " + Words.join(holders) + " could lead and has them";
    return Optional.of(Rescued.skipped(ranges) + wayOut);
  }

  /** Who has any of these transactions, and could be promoted. */
  private List<ServerId> holders(ServerId besides, List<GtidState.Range> ranges) {
    return standings.stream()
        .filter(s -> !s.server().equals(besides))
        .filter(s ->
            ranges.stream()
                .anyMatch(r -> s.binlogState().sequence(r.domain(), r.server()) >= r.from()))
        .filter(s -> clean(brief, standings, s))
        .filter(s -> passedOver(s).isEmpty())
        .map(Evidence.Standing::server)
        .filter(s -> brief.facts(s).filter(f -> brief.fitness(f).isEmpty()).isPresent())
        .filter(s -> !brief.evidence().inMaintenance(s))
        // No command gives these the role, so nobody is kept waiting for them.
        .filter(s -> brief.spec().server(s).preference() != ClusterSpec.Preference.NEVER)
        .toList();
  }

  private List<GtidState.Range> passedOver(Evidence.Standing standing) {
    return brief
        .facts(standing.server())
        .map(ServerFacts::serverId)
        .map(own ->
            standing.binlogState().skippedOwn(own, standing.applied(), known(standing.server())))
        .orElse(List.of());
  }

  static List<GtidState.Range> passedOver(
      Brief brief, List<Evidence.Standing> standings, Evidence.Standing standing) {
    return new Election(brief, standings, GtidPosition.EMPTY).passedOver(standing);
  }

  /** What a server skipped of its own, after it has applied all that it received. */
  static Optional<String> skippedOwn(
      Brief brief, List<Evidence.Standing> standings, Evidence.Standing standing) {
    return new Election(brief, standings, GtidPosition.EMPTY)
        .skippedOwn(standing)
        .map(what -> standing.server() + " " + what);
  }

  /** All that is known to be in the logs of the others. */
  private GtidState known(ServerId besides) {
    GtidState known = brief.oldFacts().map(ServerFacts::binlogState).orElse(lastSighted());
    for (Evidence.Standing other : standings) {
      if (!other.server().equals(besides)) {
        known = known.merge(other.binlogState());
      }
    }
    return known;
  }

  private GtidState lastSighted() {
    var sighting = brief.evidence().record().sightings().get(brief.old());
    return sighting == null ? GtidState.EMPTY : sighting.binlogState();
  }

  private long oldIdFromChannels() {
    return standings.stream()
        .flatMap(s -> brief.fromOld(s.server()).stream())
        .mapToLong(c -> c.sourceServerId())
        .filter(id -> id > 0)
        .findFirst()
        .orElse(lastSighted().gtids().stream().mapToLong(Gtid::server).findFirst().orElse(-1));
  }

  private boolean eligible(Evidence.Standing standing) {
    ServerId id = standing.server();
    ClusterSpec.Server spec = brief.spec().server(id);
    List<String> reasons = new ArrayList<>();
    if (spec.preference() == ClusterSpec.Preference.NEVER) {
      reasons.add("is configured never to be primary");
    }
    if (brief.evidence().inMaintenance(id)) {
      reasons.add("is in maintenance");
    }
    brief.facts(id).ifPresent(f -> reasons.addAll(brief.fitness(f)));
    skippedOwn(standing).ifPresent(reasons::add);
    if (brief.policy().profile() == Profile.ASYNC && !brief.force()) {
      lag(standing).ifPresent(reasons::add);
    }
    if (!reasons.isEmpty()) {
      refusals.add(id + ": " + String.join(", ", reasons));
    }
    return reasons.isEmpty();
  }

  /** A replica that lost its source tells no lag: what it told before, until all is applied. */
  private Optional<String> lag(Evidence.Standing standing) {
    long bound = brief.policy().failover().lagBoundSeconds();
    long before =
        brief.evidence().view(standing.server()).witness().stream()
            .flatMapToLong(w -> w.lagSeconds().stream())
            .findFirst()
            .orElse(0);
    long lag =
        brief.facts(standing.server()).stream()
            .flatMapToLong(f -> f.lagSeconds().stream())
            .findFirst()
            .orElse(before);
    boolean behind = !standing.applied().covers(standing.received());
    return bound > 0 && lag > bound && behind
        ? Optional.of("it lags " + lag + " s, more than " + bound)
        : Optional.empty();
  }

  /** Smaller is better; the configured order decides at last. */
  private Comparator<Evidence.Standing> preference() {
    return Comparator.comparing((Evidence.Standing s) -> !s.server().equals(brief.old()))
        .thenComparing(s -> brief.spec().server(s.server()).preference())
        .thenComparingInt(s -> -brief.spec().server(s.server()).priority())
        .thenComparing(s -> !sameZone(s.server()))
        .thenComparing(s -> !s.applying())
        .thenComparingLong(s -> s.received().beyond(s.applied()))
        .thenComparingInt(s -> brief.spec().servers().indexOf(brief.spec().server(s.server())));
  }

  private boolean sameZone(ServerId server) {
    return brief.spec().server(server).zone().equals(brief.spec().server(brief.old()).zone());
  }

  /** The members that must be reached before anybody may be promoted without loss. */
  static List<ServerId> unreached(Brief brief, List<Evidence.Standing> standings) {
    List<ServerId> reached = standings.stream().map(Evidence.Standing::server).toList();
    return brief.members().stream().filter(m -> !reached.contains(m)).toList();
  }

  static String naming(List<ServerId> members) {
    return "sync member"
        + (members.size() == 1 ? " " : "s ")
        + Words.join(members)
        + " could hold acknowledged writes and "
        + (members.size() == 1 ? "was" : "were")
        + " not reached";
  }
}
