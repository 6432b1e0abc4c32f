package dev.regent.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ClusterSpec.Hooks;
import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.Moment;
import dev.regent.core.model.Observation;
import dev.regent.core.model.Policy;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whoever is elected, of many random clusters: with what it is to catch up from, it holds all that
 * any reachable clean server received. It is never errant, nor one that shall never be primary;
 * where sets cannot be ordered nobody is elected.
 */
class ElectionLawTest {
  private static final int SEEDS = 20_000;
  private static final int DOMAINS = 2;
  private static final ServerId OLD = new ServerId("db1");

  /** One cluster whose primary died: what each replica received, and who has more than that. */
  private static final class Case {
    final Random random;
    final List<Gtid> log = new ArrayList<>();
    final List<Evidence.Standing> standings = new ArrayList<>();
    final List<ServerId> errant = new ArrayList<>();
    final List<ClusterSpec.Server> servers = new ArrayList<>();
    final boolean force;
    final Profile profile;
    int oldReigns;

    Case(long seed) {
      random = new Random(seed);
      force = random.nextInt(4) == 0;
      profile = one(Profile.values());
      int replicas = 1 + random.nextInt(4);
      servers.add(server(1, Preference.NEUTRAL));
      for (int i = 0; i < replicas; i++) {
        servers.add(server(i + 2, one(Preference.values())));
      }
      write();
      boolean together = random.nextBoolean();
      for (int i = 0; i < replicas; i++) {
        standings.add(standing(i + 2, together));
      }
    }

    private <T> T one(T[] values) {
      return List.of(values).get(random.nextInt(values.length));
    }

    private ClusterSpec.Server server(int number, Preference preference) {
      Endpoint address = new Endpoint("db" + number, 3306);
      ServerId id = new ServerId("db" + number);
      return new ClusterSpec.Server(id, address, address, preference, random.nextInt(2), "", true);
    }

    /** Older reigns of any server, then that of db1. */
    private void write() {
      long[] last = new long[DOMAINS];
      oldReigns = random.nextInt(4);
      int length = oldReigns + random.nextInt(8);
      for (int i = 0; i < length; i++) {
        int domain = random.nextInt(DOMAINS);
        long writer = i < oldReigns ? 1 + random.nextInt(servers.size()) : 1;
        log.add(new Gtid(domain, writer, ++last[domain]));
      }
    }

    /**
     * In one order over all domains, or in each domain by itself: then sets can be incomparable.
     */
    private Evidence.Standing standing(int number, boolean together) {
      List<Gtid> received = new ArrayList<>();
      int upTo = random.nextInt(log.size() + 1);
      for (int domain = 0; domain < DOMAINS; domain++) {
        int end = together ? upTo : random.nextInt(log.size() + 1);
        for (Gtid gtid : log.subList(0, end)) {
          if (gtid.domain() == domain) {
            received.add(gtid);
          }
        }
      }
      List<Gtid> applied = new ArrayList<>(received);
      boolean lags = random.nextInt(3) == 0;
      applied.removeIf(g -> lags && g.sequence() > 2);
      if (random.nextInt(5) == 0) {
        errant.add(new ServerId("db" + number));
        int domain = random.nextInt(DOMAINS);
        long next = position(log).sequence(domain) + 1 + random.nextInt(2);
        applied.add(new Gtid(domain, number, next));
      }
      GtidPosition executed = position(applied);
      return new Evidence.Standing(
          new ServerId("db" + number),
          position(received).merge(executed),
          executed,
          state(applied),
          true,
          random.nextInt(4) > 0,
          false);
    }

    Brief brief() {
      ClusterSpec spec = new ClusterSpec("shop", servers, Policy.of(profile), Hooks.NONE);
      Moment now = new Moment(0, 0);
      List<Snapshot.View> views = new ArrayList<>();
      for (ClusterSpec.Server server : servers) {
        boolean old = server.id().equals(OLD);
        List<Gtid> held =
            log.subList(0, old ? oldReigns + random.nextInt(log.size() - oldReigns + 1) : 0);
        var seen = new Observation.Seen(facts(server, held), now, Duration.ZERO);
        views.add(
            new Snapshot.View(
                server,
                Optional.of(seen),
                Optional.of(seen),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                0));
      }
      Snapshot snapshot = new Snapshot(spec, now, ClusterRecord.blank(), views);
      return new Brief(snapshot, 2, OLD, Optional.empty(), force, false);
    }

    private static ServerFacts facts(ClusterSpec.Server server, List<Gtid> held) {
      return new ServerFacts(
          Long.parseLong(server.id().name().substring(2)),
          "11.4.5-MariaDB",
          0,
          true,
          new ServerFacts.BinaryLog(true, true, true, "ROW", "FULL"),
          position(held),
          state(held),
          GtidPosition.EMPTY,
          new ServerFacts.SemiSync(false, true, 0, "AFTER_SYNC", true),
          ServerFacts.Durability.FULL,
          false,
          4,
          List.of(),
          Optional.empty(),
          Optional.empty());
    }

    List<Evidence.Standing> clean() {
      return standings.stream().filter(s -> !errant.contains(s.server())).toList();
    }

    boolean ordered() {
      return clean().stream()
          .anyMatch(s -> clean().stream().allMatch(o -> s.received().covers(o.received())));
    }

    boolean never(ServerId server) {
      return servers.stream()
          .anyMatch(s -> s.id().equals(server) && s.preference() == Preference.NEVER);
    }

    @Override
    public String toString() {
      return profile + (force ? " forced" : "") + " " + log + ", errant " + errant + standings;
    }
  }

  private static GtidState state(List<Gtid> log) {
    GtidState state = GtidState.EMPTY;
    for (Gtid gtid : log) {
      state = state.merge(new GtidState(List.of(gtid)));
    }
    return state;
  }

  private static GtidPosition position(List<Gtid> log) {
    return state(log).position();
  }

  @Test
  void winnerHoldsAllThatAnybodyReceived() {
    int[] ends = new int[3];
    for (int seed = 0; seed < SEEDS; seed++) {
      Case given = new Case(seed);
      String story = "seed " + seed + ": " + given;
      switch (Election.hold(given.brief(), given.standings, GtidPosition.EMPTY)) {
        case Election.Result.Elected e -> {
          elected(given, e, story);
          ends[0]++;
        }
        case Election.Result.SplitBrain s -> {
          boolean errantHasMore =
              given.profile == Profile.SAFE && !given.force && !given.errant.isEmpty();
          assertThat(!given.ordered() || errantHasMore).as(story + ": " + s.why()).isTrue();
          ends[1]++;
        }
        case Election.Result.Nobody n -> {
          assertThat(given.clean().stream().filter(s -> !given.never(s.server())))
              .as(story + ": " + n.why())
              .isEmpty();
          ends[2]++;
        }
      }
    }
    assertThat(List.of(ends[0], ends[1], ends[2])).allMatch(count -> count > SEEDS / 100);
  }

  private static void elected(Case given, Election.Result.Elected e, String story) {
    GtidPosition held =
        e.teacher()
            .map(t -> e.winner().received().merge(t.received()))
            .orElse(e.winner().received());
    assertThat(given.ordered()).as(story).isTrue();
    assertThat(given.clean()).as(story).allMatch(s -> held.covers(s.received()));
    assertThat(given.clean())
        .as(story)
        .contains(e.winner())
        .containsAll(e.teacher().stream().toList());
    assertThat(given.never(e.winner().server())).as(story).isFalse();
    assertThat(e.errant()).as(story).containsExactlyElementsOf(given.errant);
    if (given.profile == Profile.SAFE && !given.force) {
      assertThat(given.standings).as(story).allMatch(s -> held.covers(s.received()));
    }
  }

  @Test
  void orderOfTheAnswersDoesNotMatter() {
    for (int seed = 0; seed < SEEDS / 10; seed++) {
      Case given = new Case(seed);
      Brief brief = given.brief();
      List<Evidence.Standing> shuffled = new ArrayList<>(given.standings);
      Collections.shuffle(shuffled, given.random);
      assertThat(winner(Election.hold(brief, shuffled, GtidPosition.EMPTY)))
          .as("seed " + seed + ": " + given)
          .isEqualTo(winner(Election.hold(brief, given.standings, GtidPosition.EMPTY)));
    }
  }

  private static Optional<ServerId> winner(Election.Result result) {
    return result instanceof Election.Result.Elected e
        ? Optional.of(e.winner().server())
        : Optional.empty();
  }
}
