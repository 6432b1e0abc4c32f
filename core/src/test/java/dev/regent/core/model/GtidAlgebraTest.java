package dev.regent.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The laws that elections and errant checks rest on, for many random positions and states. */
class GtidAlgebraTest {
  private static final int SEEDS = 3000;
  private static final int DOMAINS = 3;
  private static final int SERVERS = 4;
  private static final int SEQUENCES = 5;

  /** What is claimed of one seed's values. */
  private interface Law {
    void check(Random random);
  }

  private static void forAll(Law law) {
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        law.check(new Random(seed));
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private static GtidPosition position(Random random) {
    List<Gtid> gtids = new ArrayList<>();
    for (int domain = 0; domain < DOMAINS; domain++) {
      if (random.nextInt(4) > 0) {
        gtids.add(new Gtid(domain, 1 + random.nextInt(SERVERS), 1 + random.nextInt(SEQUENCES)));
      }
    }
    return new GtidPosition(gtids);
  }

  private static GtidState state(Random random) {
    List<Gtid> gtids = new ArrayList<>();
    for (int domain = 0; domain < DOMAINS; domain++) {
      for (int server = 1; server <= SERVERS; server++) {
        if (random.nextBoolean()) {
          gtids.add(new Gtid(domain, server, 1 + random.nextInt(SEQUENCES)));
        }
      }
    }
    return new GtidState(gtids);
  }

  private static boolean alike(GtidPosition one, GtidPosition other) {
    for (int domain = 0; domain < DOMAINS; domain++) {
      if (one.sequence(domain) != other.sequence(domain)) {
        return false;
      }
    }
    return true;
  }

  // --- positions

  @Test
  void coversIsAPartialOrder() {
    forAll(random -> {
      GtidPosition a = position(random);
      GtidPosition b = position(random);
      GtidPosition c = position(random);
      assertThat(a.covers(a)).isTrue();
      assertThat(a.covers(GtidPosition.EMPTY)).isTrue();
      assertThat(a.covers(b) && b.covers(a)).as(a + " and " + b).isEqualTo(alike(a, b));
      if (a.covers(b) && b.covers(c)) {
        assertThat(a.covers(c)).as(a + ", " + b + ", " + c).isTrue();
      }
      assertThat(b.beyond(a) == 0).isEqualTo(a.covers(b));
    });
  }

  @Test
  void mergeIsTheLeastPositionThatCoversBoth() {
    forAll(random -> {
      GtidPosition a = position(random);
      GtidPosition b = position(random);
      GtidPosition c = position(random);
      GtidPosition both = a.merge(b);
      assertThat(both.covers(a) && both.covers(b)).as(a + " with " + b).isTrue();
      if (c.covers(a) && c.covers(b)) {
        assertThat(c.covers(both)).as(c + " over " + a + " with " + b).isTrue();
      }
      assertThat(a.merge(a)).isEqualTo(a);
      assertThat(a.merge(GtidPosition.EMPTY)).isEqualTo(a);
      assertThat(alike(both, b.merge(a))).isTrue();
      assertThat(alike(both.merge(c), a.merge(b.merge(c)))).isTrue();
      assertThat(both.beyond(b)).isEqualTo(a.beyond(b));
    });
  }

  @Test
  void positionIsReadAsItIsWritten() {
    forAll(random -> {
      GtidPosition a = position(random);
      GtidState s = state(random);
      assertThat(GtidPosition.parse(a.toString())).isEqualTo(a);
      assertThat(GtidState.parse(s.toString())).isEqualTo(s);
      assertThat(GtidState.parse(" " + s.toString().replace(",", ",\n") + " ")).isEqualTo(s);
    });
  }

  // --- states

  @Test
  void stateMergesAsASet() {
    forAll(random -> {
      GtidState a = state(random);
      GtidState b = state(random);
      GtidState c = state(random);
      assertThat(a.merge(a)).isEqualTo(a);
      assertThat(a.merge(GtidState.EMPTY)).isEqualTo(a);
      assertThat(a.merge(b)).isEqualTo(b.merge(a));
      assertThat(a.merge(b).merge(c)).isEqualTo(a.merge(b.merge(c)));
      assertThat(a.beyond(a.merge(b))).as(a + " beyond itself with " + b).isEmpty();
      assertThat(alike(a.merge(b).position(), a.position().merge(b.position()))).isTrue();
    });
  }

  @Test
  void nothingBeyondIsAPartialOrder() {
    forAll(random -> {
      GtidState a = state(random);
      GtidState b = state(random);
      GtidState c = state(random);
      assertThat(a.beyond(a)).isEmpty();
      assertThat(a.beyond(b).isEmpty() && b.beyond(a).isEmpty()).isEqualTo(a.equals(b));
      if (a.beyond(b).isEmpty() && b.beyond(c).isEmpty()) {
        assertThat(a.beyond(c)).as(a + ", " + b + ", " + c).isEmpty();
      }
    });
  }

  // --- histories: sequence numbers of a domain are dealt out to all its servers in turn

  private static List<Gtid> history(Random random, int length) {
    List<Gtid> log = new ArrayList<>();
    long[] last = new long[DOMAINS];
    for (int i = 0; i < length; i++) {
      int domain = random.nextInt(DOMAINS);
      log.add(new Gtid(domain, 1 + random.nextInt(SERVERS), ++last[domain]));
    }
    return log;
  }

  /** The log of a server that wrote this many more by itself. */
  private static List<Gtid> writing(Random random, List<Gtid> log, long server, int more) {
    List<Gtid> longer = new ArrayList<>(log);
    int domain = random.nextInt(DOMAINS);
    for (int i = 0; i < more; i++) {
      long next = stateOf(longer).position().sequence(domain) + 1;
      longer.add(new Gtid(domain, server, next));
    }
    return longer;
  }

  private static GtidState stateOf(List<Gtid> log) {
    GtidState state = GtidState.EMPTY;
    for (Gtid gtid : log) {
      state = state.merge(new GtidState(List.of(gtid)));
    }
    return state;
  }

  @Test
  void serverThatForkedIsErrantByExactlyWhatItWrote() {
    forAll(random -> {
      List<Gtid> shared = history(random, random.nextInt(20));
      int errant = random.nextInt(4);
      GtidState mine = stateOf(writing(random, shared, 7, errant));
      GtidState other = stateOf(writing(random, shared, 8, random.nextInt(4)));
      List<GtidState.Range> ranges = mine.beyond(other);
      assertThat(GtidState.count(ranges)).as(mine + " beyond " + other).isEqualTo(errant);
      assertThat(ranges).allMatch(r -> r.server() == 7);
      assertThat(mine.certain(ranges)).isEqualTo(errant);
    });
  }

  /**
   * A stray write in the middle of a log: without strict mode what others wrote goes on behind it.
   */
  @Test
  void whatIsBehindAStrayWriteDoesNotMakeMoreOfItCertain() {
    forAll(random -> {
      List<Gtid> log = history(random, 1 + random.nextInt(20));
      int cut = random.nextInt(log.size() + 1);
      List<Gtid> fork = writing(random, log.subList(0, cut), 7, 1);
      fork.addAll(log.subList(cut, log.size()));
      GtidState mine = stateOf(fork);
      List<GtidState.Range> ranges = mine.beyond(stateOf(log));
      assertThat(ranges).as(fork + " beyond " + log).isNotEmpty();
      assertThat(mine.certain(ranges)).as(fork + " beyond " + log + ": " + ranges).isEqualTo(1);
    });
  }

  @Test
  void shorterLogOfTheSameHistoryIsNotErrant() {
    forAll(random -> {
      List<Gtid> log = history(random, 1 + random.nextInt(20));
      int received = random.nextInt(log.size() + 1);
      GtidState behind = stateOf(log.subList(0, received));
      GtidState whole = stateOf(log);
      assertThat(behind.beyond(whole)).isEmpty();
      assertThat(whole.position().beyond(behind.position())).isEqualTo(log.size() - received);
      List<Gtid> missed = log.subList(received, log.size());
      assertThat(missed)
          .as(whole + " beyond " + behind)
          .allMatch(g -> whole.beyond(behind).stream().anyMatch(r -> holds(r, g)));
    });
  }

  private static boolean holds(GtidState.Range range, Gtid gtid) {
    return range.domain() == gtid.domain()
        && range.server() == gtid.server()
        && range.from() <= gtid.sequence()
        && gtid.sequence() <= range.to();
  }

  @Test
  void rangesNameEveryTransactionThatOnlyOneHas() {
    forAll(random -> {
      List<Gtid> shared = history(random, random.nextInt(10));
      List<Gtid> fork = writing(random, writing(random, shared, 7, 2), 6, 2);
      GtidState reference = stateOf(writing(random, shared, 8, 3));
      List<GtidState.Range> ranges = stateOf(fork).beyond(reference);
      TreeSet<String> unnamed = new TreeSet<>();
      fork.subList(shared.size(), fork.size()).stream()
          .filter(g -> ranges.stream().noneMatch(r -> holds(r, g)))
          .forEach(g -> unnamed.add(g.toString()));
      assertThat(unnamed).as(fork + " beyond " + reference + ": " + ranges).isEmpty();
      assertThat(GtidState.count(ranges)).as(fork + " beyond " + reference).isEqualTo(4);
    });
  }

  /** The old primary went on to 78, and one that had all of it wrote two more. */
  @Test
  void numberThatEitherOfTwoServersWroteIsOneTransaction() {
    GtidState fork = GtidState.parse("0-1-78,0-2-80,3-2-9");
    GtidState reference = GtidState.parse("0-1-71,0-5-155,3-2-7");
    List<GtidState.Range> ranges = fork.beyond(reference);
    assertThat(ranges).hasToString("[0-1-72..78, 0-2-72..80, 3-2-8..9]");
    assertThat(GtidState.count(ranges)).isEqualTo(9 + 2);
  }

  @Test
  void logLacksWhatIsMissingInItsMiddle() {
    GtidState primary = GtidState.parse("0-1-120,0-2-118");
    assertThat(GtidState.parse("0-1-120,0-3-90").lacks(primary))
        .singleElement()
        .hasToString("0-2-1..118");
    assertThat(GtidState.parse("0-1-120,0-2-118").lacks(primary)).isEmpty();
  }

  @Test
  void logThatBeganWithACopyMissesNothingOlder() {
    GtidState primary = GtidState.parse("0-1-500,0-2-900");
    assertThat(GtidState.parse("0-2-900").lacks(primary)).isEmpty();
    assertThat(GtidState.EMPTY.lacks(primary)).isEmpty();
    assertThat(GtidState.parse("0-2-880").lacks(primary)).hasToString("[0-2-881..900]");
  }
}
