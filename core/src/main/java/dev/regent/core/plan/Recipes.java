package dev.regent.core.plan;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.analyze.Receipt;
import dev.regent.core.analyze.Words;
import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterRecord.Quarantine;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerFacts.SemiSync;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.model.Snapshot.View;
import dev.regent.core.plan.SequenceRun.Lead;
import dev.regent.core.plan.SequenceRun.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The straight recipes: adoption, rejoin, the sync set, repairs. */
final class Recipes {
  private static final Duration FOLLOW_DEADLINE = Duration.ofSeconds(15);

  /** A failover that comes meanwhile waits for its turn on the server no longer than 8 s. */
  private static final Duration RESCUE_DEADLINE = Duration.ofSeconds(5);

  /** Beside a frozen primary: a second to stop, one to try again, and some. */
  private static final Duration TEST_DEADLINE = Duration.ofSeconds(3);

  private final Snapshot snapshot;

  Recipes(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** See {@link AdoptionRun}. */
  Run adopt(Diagnosis.AdoptablePrimary d) {
    SortedSet<ServerId> acknowledging = new TreeSet<>();
    for (ServerId replica : d.replicas()) {
      if (facts(replica).semiSync().replicaEnabled()) {
        acknowledging.add(replica);
      }
    }
    return new AdoptionRun(
        snapshot.spec().name(),
        d.server(),
        facts(d.server()).binlogPosition(),
        acknowledging,
        snapshot.record().nextEpoch() - 1);
  }

  /** Lets a server that has nothing of its own follow the primary (DESIGN 9). */
  Run attach(ServerId server, boolean formerPrimary) {
    ServerFacts facts = facts(server);
    boolean wrote = !facts.appliedPosition().covers(facts.binlogPosition());
    boolean demote = wrote || lostOwn(facts) || snapshot.record().unverified().contains(server);
    // All of it is stored before the threads start: a manager that dies after that must know it.
    List<Note> before = new ArrayList<>(listed(List.of(server), demote));
    boolean heldOut = snapshot.record().quarantine().containsKey(server);
    if (heldOut) {
      before.add(new Note.Released(server));
    }
    // Whether it was rebuilt since it was held out is known only after a comparison.
    if (demote || heldOut) {
      before.add(new Note.Attached(server));
    }
    List<Stage> stages = new ArrayList<>();
    stages.add(Stage.of(new Keeping.FenceReturned(server, elsewhere(facts))));
    if (formerPrimary) {
      Stage compare = Stage.comparing(new Lead(server, primary(), List.of()));
      // Of what it was held out for, the account was given then; that it was rebuilt tells nothing.
      stages.add(heldOut ? compare : compare.noting(accountOf(server, List.of())));
    }
    if (!demote) {
      stages.addAll(keepingReceived(server, facts));
    }
    stages.add(new Stage(before, List.of(follow(server, primary(), demote)), List.of()));
    return new SequenceRun(
        Run.Kind.REJOIN, "let " + server + " follow " + primary(), stages, 0, Undo.NOTHING);
  }

  /**
   * Following deletes the relay log. A sync member's may hold what no other replica has, and until
   * that has come again the primary alone has it: in profile safe it is applied first. Where it
   * cannot be, the primary must be there to send it again.
   */
  private List<Stage> keepingReceived(ServerId server, ServerFacts facts) {
    boolean counted =
        snapshot.policy().profile() == Profile.SAFE && snapshot.record().syncSet().contains(server);
    Optional<Channel> stopped =
        facts.channels().stream()
            .filter(c -> sourceOf(c).isPresent())
            .findFirst()
            .filter(c -> counted && !c.running());
    List<Stage> stages = new ArrayList<>();
    // Who is late on purpose stays so.
    stopped
        .filter(c -> c.delay().isZero())
        .map(c -> Stage.trying(new Receiving.Rescue(server, c.name(), RESCUE_DEADLINE)))
        .ifPresent(stages::add);
    stopped.map(c -> Stage.of(new Receiving.Examine(primary()))).ifPresent(stages::add);
    return stages;
  }

  /** A former primary whose restart cut off what it wrote last must accept it from others. */
  private boolean lostOwn(ServerFacts facts) {
    return snapshot
        .primary()
        .flatMap(View::facts)
        .filter(p ->
            facts.binlogState().lacks(p.binlogState()).stream()
                .anyMatch(r -> r.server() == facts.serverId()))
        .isPresent();
  }

  /** In profile safe whoever may acknowledge is listed before it can (DESIGN 6). */
  private List<Note> listed(List<ServerId> servers, boolean demote) {
    NavigableSet<ServerId> members = new TreeSet<>(snapshot.record().syncSet());
    servers.stream().filter(s -> demote || synchronous(s)).forEach(members::add);
    boolean safe = snapshot.policy().profile() == Profile.SAFE;
    return safe && !members.equals(snapshot.record().syncSet())
        ? List.of(new Note.SyncSetChanged(members))
        : List.of();
  }

  private boolean synchronous(ServerId server) {
    return snapshot.spec().server(server).synchronous();
  }

  private SortedSet<ServerId> with(ServerId server) {
    SortedSet<ServerId> members = new TreeSet<>(snapshot.record().syncSet());
    members.add(server);
    return members;
  }

  Run fence(Diagnosis.Returned d) {
    return SequenceRun.of(
        Run.Kind.REPAIR,
        "fence returned server " + d.server(),
        Stage.of(new Keeping.FenceReturned(d.server(), d.receivingFromElsewhere())));
  }

  private Note accountOf(ServerId former, List<GtidState.Range> errant) {
    boolean shared = Findings.hasTwin(snapshot, former);
    return Findings.returnedLoss(facts(former).binlogState(), errant, shared);
  }

  /** Saves what only this server has, then leaves it to the operator. */
  Run isolate(Diagnosis.Errant d) {
    Stage compare = Stage.comparing(new Lead(d.server(), primary(), d.ranges()));
    return SequenceRun.of(
        Run.Kind.REJOIN,
        "save the "
            + GtidState.count(d.ranges())
            + " errant transactions of "
            + d.server()
            + " and hold it out",
        Stage.of(new Keeping.FenceReturned(d.server(), receiving(facts(d.server())))),
        d.formerPrimary() ? compare.noting(accountOf(d.server(), d.ranges())) : compare,
        Stage.of(new Keeping.SaveErrant(d.server(), d.ranges())));
  }

  /** A server that silently skipped transactions must not go on as if it were whole. */
  Run isolate(Diagnosis.ReplicaMisses d) {
    String reason = "it skipped " + GtidRanges.text(d.ranges()) + " after its rejoin; rebuild it";
    return SequenceRun.of(
        Run.Kind.REJOIN,
        "hold out " + d.server() + ", which lacks transactions",
        Stage.of(new Keeping.FenceReturned(d.server(), receiving(facts(d.server()))))
            .noting(new Note.Isolated(d.server(), new Quarantine(reason, d.ranges(), "", 0))));
  }

  /** What an operator gives up by it is said: who hung below it may come back as it was. */
  Run verified(Diagnosis.RejoinProven d) {
    String purpose = d.server() + " is whole again";
    String gone = Words.join(d.below());
    String givenUp =
        gone
            + " is given up: what comes back and still follows "
            + d.server()
            + " stays below it, as below a relay, until regent rejoin";
    return SequenceRun.of(
        Run.Kind.REJOIN,
        d.below().isEmpty() ? purpose : purpose + "; " + givenUp,
        Stage.of().noting(new Note.Verified(d.server())));
  }

  Run repoint(Diagnosis.RelayDead d) {
    Step[] steps = d.replicas().stream().map(r -> follow(r, primary(), false)).toArray(Step[]::new);
    return SequenceRun.of(
        Run.Kind.REPAIR,
        "let "
            + Words.join(d.replicas())
            + " follow the primary instead of dead relay "
            + d.server(),
        new Stage(listed(d.replicas(), false), List.of(steps), List.of()));
  }

  Run restoreDurability(Diagnosis.DurabilityRelaxed d) {
    return SequenceRun.of(
        Run.Kind.REPAIR,
        "restore durability on " + d.server(),
        Stage.of(new Receiving.RestoreDurability(d.server(), d.original())));
  }

  Run close(ServerId server) {
    return SequenceRun.of(
        Run.Kind.REPAIR,
        "close " + server + " for writes",
        Stage.of(new Keeping.CloseForWrites(server)));
  }

  Run forgetSource(Diagnosis.PrimaryFollows d) {
    String channel = channelTo(d.server(), d.source());
    return SequenceRun.of(
        Run.Kind.REPAIR,
        "let primary " + d.server() + " forget its source " + d.source(),
        Stage.of(new Receiving.StopReplication(d.server(), channel)),
        Stage.of(new Promoting.ForgetSource(d.server(), channel)));
  }

  Run restartReceiving(Diagnosis.ReplicaConnecting d) {
    return SequenceRun.of(
        Run.Kind.REPAIR,
        "reconnect " + d.server(),
        Stage.of(new Receiving.RestartReceiving(d.server(), channelTo(d.server(), d.source()))));
  }

  Run test(Diagnosis.PrimaryUntested d) {
    Step[] steps =
        d.witnesses().stream()
            .map(w ->
                new Receiving.TestPrimary(w, channelTo(w, d.server()), d.server(), TEST_DEADLINE))
            .toArray(Step[]::new);
    return SequenceRun.of(
        Run.Kind.TEST,
        "test " + d.server() + " through " + Words.join(d.witnesses()),
        Stage.of(steps));
  }

  // --- the sync set

  /** Add: publish, enable, reconnect, confirm (DESIGN 6). */
  Run join(Diagnosis.SyncStranger d) {
    Note published = new Note.SyncSetChanged(with(d.server()));
    if (d.acknowledges()) {
      return SequenceRun.of(
          Run.Kind.SYNC_SET,
          "count " + d.server() + " as a sync member, since it acknowledges",
          Stage.of().after(published));
    }
    List<Stage> stages = new ArrayList<>(acknowledge(d.server()));
    stages.set(0, stages.getFirst().after(published));
    return acknowledging("add " + d.server() + " to the sync set", d.server(), stages);
  }

  Run acknowledgeAgain(ServerId member) {
    return acknowledging(
        "let sync member " + member + " acknowledge again", member, acknowledge(member));
  }

  /** A member that is switched on and did not reconnect looks like one that acknowledges. */
  private static Run acknowledging(String purpose, ServerId member, List<Stage> stages) {
    Undo undo = Undo.NOTHING.first(new Keeping.SetSemiSyncReplica(member, false));
    return new SequenceRun(Run.Kind.SYNC_SET, purpose, stages, 0, undo);
  }

  private List<Stage> acknowledge(ServerId member) {
    String channel = channelTo(member, primary());
    return List.of(
        Stage.of(new Keeping.SetSemiSyncReplica(member, true)),
        Stage.of(new Receiving.RestartReceiving(member, channel)),
        Stage.of(new Keeping.ConfirmAcknowledging(member)));
  }

  /** Remove: see {@link LeavingRun}. */
  Run leave(ServerId member) {
    return LeavingRun.of(snapshot, member);
  }

  Run protect(ServerId primary) {
    boolean safe = snapshot.policy().profile() == Profile.SAFE;
    long timeout = snapshot.policy().replication().semiSyncTimeout().toMillis();
    return SequenceRun.of(
        Run.Kind.SYNC_SET,
        "set semi-sync on "
            + primary
            + " as profile "
            + (safe ? "safe" : "available")
            + " needs it",
        Stage.of(
            new Promoting.SetSemiSyncPrimary(
                primary, true, safe ? SemiSync.ENDLESS : timeout, safe)));
  }

  /** Says in a member's name what it said, and what got lost with its connection. */
  Run passOn(Diagnosis.SemiSyncBlocked d, Receipt receipt) {
    return SequenceRun.of(
        Run.Kind.REPAIR,
        "pass on to "
            + d.server()
            + " what "
            + receipt.member()
            + " has received: commits wait, and its acknowledgement got lost",
        Stage.of(new Keeping.PassOnReceipt(d.server(), receipt)));
  }

  // --- lookups

  private ServerId primary() {
    return snapshot.record().reign().orElseThrow().primary();
  }

  private ServerFacts facts(ServerId server) {
    return snapshot.view(server).seen().orElseThrow().facts();
  }

  private static List<String> receiving(ServerFacts facts) {
    return facts.channels().stream()
        .filter(c -> c.io() != ThreadState.NO)
        .map(Channel::name)
        .toList();
  }

  private List<String> elsewhere(ServerFacts facts) {
    return facts.channels().stream()
        .filter(c -> c.io() != ThreadState.NO)
        .filter(c -> sourceOf(c).filter(s -> !s.equals(primary())).isPresent())
        .map(Channel::name)
        .toList();
  }

  private Optional<ServerId> sourceOf(Channel channel) {
    return snapshot.spec().at(channel.source()).map(ClusterSpec.Server::id);
  }

  private String channelTo(ServerId server, ServerId source) {
    return facts(server).channels().stream()
        .filter(c -> sourceOf(c).filter(source::equals).isPresent())
        .map(Channel::name)
        .findFirst()
        .orElse("");
  }

  private Step follow(ServerId server, ServerId source, boolean demote) {
    boolean acknowledges =
        switch (snapshot.policy().profile()) {
          case ASYNC -> false;
          case AVAILABLE -> true;
          case SAFE -> synchronous(server) || snapshot.record().syncSet().contains(server);
        };
    return new Receiving.Follow(
        server,
        facts(server).channels().stream()
            .filter(c -> sourceOf(c).isPresent())
            .map(Channel::name)
            .findFirst()
            .orElse(""),
        source,
        snapshot.spec().server(source).replicationAddress(),
        snapshot.policy().replication().heartbeat(),
        snapshot.policy().replication().connectRetrySeconds(),
        demote,
        acknowledges,
        FOLLOW_DEADLINE);
  }

  /** Ranges as text. */
  private static final class GtidRanges {
    static String text(List<GtidState.Range> ranges) {
      return String.join(", ", ranges.stream().map(GtidState.Range::toString).toList());
    }
  }
}
