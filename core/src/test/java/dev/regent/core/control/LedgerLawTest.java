package dev.regent.core.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterRecord.Maintenance;
import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.model.ClusterRecord.PastFailover;
import dev.regent.core.model.ClusterRecord.Pause;
import dev.regent.core.model.ClusterRecord.Quarantine;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.ClusterRecord.Sighting;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerFacts.Durability;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What every store and every restart relies on, for many random journals. */
class LedgerLawTest {
  private static final int SEEDS = 2000;
  private static final int ENTRIES = 60;
  private static final int KINDS = 17;

  private static ServerId server(Random random) {
    return new ServerId("db" + (1 + random.nextInt(4)));
  }

  private static SortedSet<ServerId> servers(Random random) {
    SortedSet<ServerId> servers = new TreeSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      servers.add(server(random));
    }
    return servers;
  }

  private static <T> Optional<T> perhaps(Random random, T value) {
    return random.nextInt(3) == 0 ? Optional.of(value) : Optional.empty();
  }

  private static OpenPlan plan(Random random) {
    return new OpenPlan(
        random.nextInt(5),
        "FAILOVER",
        "why",
        random.nextInt(9),
        perhaps(random, server(random)),
        perhaps(random, server(random)),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextInt(100),
        List.of(),
        servers(random),
        perhaps(random, server(random)));
  }

  private static Entry.Intended intended(Random random) {
    SortedMap<ServerId, Durability> relaxed = new TreeMap<>();
    perhaps(random, server(random))
        .ifPresent(s -> relaxed.put(s, new Durability(random.nextInt(3), 1)));
    return new Entry.Intended(
        random.nextInt(5),
        List.of("step " + random.nextInt(9)),
        servers(random),
        perhaps(random, server(random)),
        relaxed,
        servers(random));
  }

  private static Entry.Sighted sighted(Random random) {
    SortedMap<ServerId, Sighting> sightings = new TreeMap<>();
    for (ServerId server : servers(random)) {
      sightings.put(
          server,
          new Sighting(
              random.nextInt(100),
              perhaps(random, server(random)),
              GtidPosition.EMPTY,
              GtidState.EMPTY,
              Duration.ZERO,
              random.nextBoolean()));
    }
    return new Entry.Sighted(sightings);
  }

  private static Entry entry(Random random) {
    ServerId server = server(random);
    long at = random.nextInt(100);
    return switch (random.nextInt(KINDS)) {
      case 0 -> new Entry.TookOffice(at);
      case 1 -> new Entry.ReignBegan(new Reign(random.nextInt(9), server, GtidPosition.EMPTY, at));
      case 2 -> new Entry.SyncSet(servers(random));
      case 3 -> new Entry.Paused(new Pause("ann", "why", at));
      case 4 -> new Entry.Resumed("ann", at);
      case 5 -> new Entry.MaintenanceBegan(server, new Maintenance("ann", "why", at));
      case 6 -> new Entry.MaintenanceEnded(server, "ann");
      case 7 -> new Entry.PlanOpened(plan(random));
      case 8 -> intended(random);
      case 9 -> new Entry.ReceivingAgain(servers(random));
      case 10 -> new Entry.DurabilityRestored(server);
      case 11 ->
          new Entry.PlanClosed(
              random.nextInt(5),
              "over",
              perhaps(random, new PastFailover(server, server(random), at, false)));
      case 12 -> sighted(random);
      case 13 -> new Entry.Attached(server);
      case 14 -> new Entry.Verified(server);
      case 15 -> new Entry.Isolated(server, new Quarantine("why", List.of(), "file", at));
      default -> new Entry.Released(server);
    };
  }

  private static List<Entry> journal(Random random) {
    List<Entry> journal = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      journal.add(entry(random));
    }
    return journal;
  }

  @Test
  void restartAnywhereFoldsToTheSameRecord() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      List<Entry> journal = journal(random);
      int cut = random.nextInt(journal.size() + 1);
      ClusterRecord whole = Ledger.apply(ClusterRecord.blank(), journal);
      ClusterRecord before = Ledger.apply(ClusterRecord.blank(), journal.subList(0, cut));
      ClusterRecord after = Ledger.apply(before, journal.subList(cut, journal.size()));
      assertThat(after).as("seed " + seed).isEqualTo(whole);
      assertThat(Ledger.apply(ClusterRecord.blank(), journal)).as("seed " + seed).isEqualTo(whole);
    }
  }

  /** An entry may reach the store twice; only counters and lists that grow would tell. */
  @Test
  void entryWrittenTwiceSaysNoMore() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      ClusterRecord record = Ledger.apply(ClusterRecord.blank(), journal(random));
      for (int i = 0; i < ENTRIES; i++) {
        Entry entry = entry(random);
        boolean counts =
            entry instanceof Entry.TookOffice
                || entry instanceof Entry.Intended
                || (entry instanceof Entry.PlanClosed c && c.failover().isPresent());
        ClusterRecord once = Ledger.apply(record, entry);
        assertThat(counts || Ledger.apply(once, entry).equals(once))
            .as("seed " + seed + ": " + entry)
            .isTrue();
      }
    }
  }

  @Test
  void whatMustNotBeForgottenIsKept() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      ClusterRecord record = ClusterRecord.blank();
      for (int i = 0; i < ENTRIES; i++) {
        Entry entry = entry(random);
        ClusterRecord next = Ledger.apply(record, entry);
        String story = "seed " + seed + ": " + entry + " on " + record;
        assertThat(next.incarnation() - record.incarnation())
            .as(story)
            .isEqualTo(entry instanceof Entry.TookOffice ? 1 : 0);
        if (!(entry instanceof Entry.DurabilityRestored)) {
          assertThat(next.relaxed()).as(story).containsAllEntriesOf(record.relaxed());
        }
        boolean mayEndPlan = entry instanceof Entry.PlanClosed || entry instanceof Entry.PlanOpened;
        assertThat(mayEndPlan || next.plan().isPresent() || record.plan().isEmpty())
            .as(story)
            .isTrue();
        boolean mayForgetHalt =
            entry instanceof Entry.ReceivingAgain || entry instanceof Entry.Sighted;
        assertThat(mayForgetHalt || next.halted().containsAll(record.halted())).as(story).isTrue();
        if (entry instanceof Entry.ReignBegan e) {
          assertThat(next.unverified()).as(story).doesNotContain(e.reign().primary());
        }
        assertThat(next.nextEpoch()).as(story).isGreaterThan(next.epoch());
        next.plan()
            .filter(p -> p.reignSentTo().isPresent())
            .ifPresent(p -> assertThat(next.nextEpoch()).as(story).isGreaterThan(p.epoch()));
        record = next;
      }
    }
  }

  @Test
  void journalsHaveEveryKindOfEntry() {
    assertThat(Entry.class.getPermittedSubclasses()).hasSize(KINDS);
  }

  @Test
  void closingAnotherPlanLeavesTheOpenOne() {
    Random random = new Random(1);
    OpenPlan open = plan(random);
    ClusterRecord record = Ledger.apply(ClusterRecord.blank(), new Entry.PlanOpened(open));
    Entry other = new Entry.PlanClosed(open.id() + 1, "over", Optional.empty());
    assertThat(Ledger.apply(record, other).plan()).contains(open);
  }

  @Test
  void failoversAreBounded() {
    ClusterRecord record = ClusterRecord.blank();
    for (int i = 0; i < 300; i++) {
      PastFailover failover = new PastFailover(new ServerId("a"), new ServerId("b"), i, false);
      record = Ledger.apply(record, new Entry.PlanClosed(i, "over", Optional.of(failover)));
    }
    assertThat(record.failovers()).hasSize(100);
    assertThat(record.failovers().getLast().atMillis()).isEqualTo(299);
  }
}
