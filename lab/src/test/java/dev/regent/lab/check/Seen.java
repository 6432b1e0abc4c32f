package dev.regent.lab.check;

import dev.regent.core.analyze.Loss;
import dev.regent.core.control.Event;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Note;
import dev.regent.lab.arena.AuditLine;
import dev.regent.lab.arena.Moments;
import dev.regent.lab.check.Evidence.Allowed;
import dev.regent.lab.check.Evidence.Promise;
import dev.regent.lab.check.Glimpse.Access;
import dev.regent.lab.load.Write;
import dev.regent.lab.load.Write.Outcome;
import dev.regent.server.store.AuditTrail;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is seen of a failover from one to two, in which nothing goes wrong; to be spoilt by tests.
 * Both clocks begin at 0, and times are in milliseconds. At 1000 one dies, at 1100 the reign of two
 * begins, at 1120 it is open.
 */
final class Seen {
  static final ServerId ONE = new ServerId("one");
  static final ServerId TWO = new ServerId("two");
  static final ServerId THREE = new ServerId("three");
  private static final long MS = 1_000_000;
  private static final long PLAN = 7;
  private static final String REIGN = "write the reign row of epoch 2 on two";
  private static final String OPEN = "open two for writes (epoch 2)";

  Promise promise = Promise.LOSSLESS;
  Allowed allowed = Allowed.NOTHING;
  int obedient = 1;
  final List<Write> writes = new ArrayList<>();
  final List<Glimpse> glimpses = new ArrayList<>();
  final List<Event> told = new ArrayList<>();
  final List<Reign> reigns = new ArrayList<>(List.of(new Reign(1, "one"), new Reign(2, "two")));
  final Map<String, Standing> standings = new TreeMap<>();

  Seen() {
    write(1, 900, 905, Outcome.OK, ONE);
    write(2, 999, 1001, Outcome.UNKNOWN, ONE);
    write(3, 1000, 1002, Outcome.FAIL, ONE);
    write(4, 1121, 1125, Outcome.OK, TWO);
    told.addAll(
        List.of(
            new Event.PlanOpened(1_020, PLAN, "failover", "one is dead", true),
            new Event.StepsSent(1_020, PLAN, List.of("stop receiving on two and read")),
            new Event.StepEnded(1_050, PLAN, TWO, "stop receiving on two and read", "done", ""),
            new Event.StepsSent(1_050, PLAN, List.of(REIGN)),
            new Event.StepEnded(1_100, PLAN, TWO, REIGN, "done", ""),
            new Event.Noted(1_100, PLAN, began(2, TWO), "reign 2"),
            new Event.StepsSent(1_100, PLAN, List.of(OPEN)),
            new Event.StepEnded(1_120, PLAN, TWO, OPEN, "done", ""),
            new Event.PlanClosed(1_150, PLAN, "failover", "finished", "two is primary")));
    account(0);
    for (int at = 0; at < 2_000; at += 20) {
      glimpse(ONE, at, at < 1_000 ? Access.OPEN : Access.SILENT);
      glimpse(TWO, at, at < 1_120 ? Access.CLOSED : Access.OPEN);
    }
    standing(ONE, false, "0-1-10,0-2-12", Set.of());
    standing(TWO, true, "0-1-10,0-2-12", Set.of(1L, 4L));
    standing(THREE, false, "0-1-10,0-2-12", Set.of());
  }

  static Note began(long epoch, ServerId server) {
    return new Note.ReignBegan(
        new ClusterRecord.Reign(epoch, server, GtidPosition.EMPTY, epoch * 500));
  }

  Seen write(long id, long began, long ended, Outcome outcome, ServerId server) {
    writes.add(new Write(id, 1, (int) id, began * MS, ended * MS, outcome, server + ":3306", ""));
    return this;
  }

  /** A client of the proxy that was told this; it wrote while one was dead and two not yet open. */
  Seen proxied(long id, Outcome outcome, String error) {
    long began = 1_010 * MS;
    writes.add(new Write(id, 1, (int) id, began, 1_125 * MS, outcome, "p:3307", error));
    return this;
  }

  Seen glimpse(ServerId server, long at, Access access) {
    glimpses.add(new Glimpse(server.name(), at * MS, (at + 1) * MS, access));
    return this;
  }

  private void standing(ServerId server, boolean writable, String log, Set<Long> rows) {
    standings.put(
        server.name(),
        new Standing(
            server.name(),
            writable,
            GtidState.parse(log),
            Map.of("shop.orders", "42"),
            rows,
            Optional.empty()));
  }

  /** One has these rows of its own, numbered from 11 in its log, and is held out for them. */
  Seen oneIsHeldOut(int transactions, long... rows) {
    Set<Long> all = new HashSet<>(Set.of(1L));
    for (long row : rows) {
      all.add(row);
    }
    GtidState log = GtidState.parse("0-1-" + (10 + transactions));
    String errant = log.beyond(GtidState.parse("0-1-10,0-2-12")).getFirst().toString();
    standings.put(
        "one",
        new Standing(
            "one", false, log, Map.of("shop.orders", "43"), all, Optional.of(List.of(errant))));
    return this;
  }

  Seen noAccount() {
    told.removeIf(e -> e.toString().contains("LossStated"));
    return this;
  }

  /** The manager's exact account of what only one has; the last one counts. */
  Seen account(long transactions) {
    Loss exact = new Loss(Loss.Proof.EXACT, transactions, OptionalLong.empty(), GtidPosition.EMPTY);
    long plan = PLAN + 1 + told.size();
    String fence = "fence returned server one";
    told.addAll(
        List.of(
            new Event.PlanOpened(1_500, plan, "rejoin", "one is back", true),
            new Event.StepsSent(1_500, plan, List.of(fence)),
            new Event.StepEnded(1_510, plan, ONE, fence, "done", ""),
            new Event.Noted(1_510, plan, new Note.LossStated(exact), "exactly"),
            new Event.PlanClosed(1_520, plan, "rejoin", "finished", "")));
    return this;
  }

  Evidence evidence() {
    List<AuditLine> lines =
        told.stream()
            .map(e -> AuditLine.parse(AuditTrail.line("shop", e)))
            .flatMap(Optional::stream)
            .toList();
    return new Evidence(
        promise,
        writes,
        obedient,
        Map.of(
            "one:3306", "one", "two:3306", "two", "three:3306", "three", "p:3307", Evidence.PROXY),
        glimpses,
        lines,
        new Reign(1, "one"),
        reigns,
        "two",
        List.copyOf(standings.values()),
        allowed,
        new Moments(0, 0));
  }

  List<String> complaints() {
    return Checks.complaints(evidence());
  }
}
