package dev.regent.core.analyze;

import static dev.regent.core.analyze.Words.join;
import static dev.regent.core.analyze.Words.words;

import dev.regent.core.model.Channel;
import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.Moment;
import dev.regent.core.model.Observation;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A named situation with its evidence. FAILURES.md has one row per case; {@link Analyzer} lists all
 * that hold, most important first.
 */
public sealed interface Diagnosis {

  /** One sentence for the operator: who, what, since when, the numbers. */
  String sentence();

  default Severity severity() {
    return Severity.WARNING;
  }

  /** The server it is about; empty if it is about the cluster. */
  default Optional<ServerId> subject() {
    return Optional.empty();
  }

  /** The case's name, as in FAILURES.md. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** Two diagnoses of one key are one situation, seen at different times. */
  default String key() {
    return name() + subject().map(s -> " " + s).orElse("");
  }

  /** How loudly to say it. */
  enum Severity {
    /** As it should be. */
    OK,
    /** Worth knowing; nothing is at risk now. */
    NOTICE,
    /** Redundancy or a guarantee is weaker than it should be. */
    WARNING,
    /** Writes are stopped, or acknowledged writes are at risk. */
    CRITICAL
  }

  /** A diagnosis about one server. */
  sealed interface OfServer extends Diagnosis {
    ServerId server();

    @Override
    default Optional<ServerId> subject() {
      return Optional.of(server());
    }
  }

  /** A diagnosis that stops or endangers writes. */
  sealed interface Critical extends Diagnosis {
    @Override
    default Severity severity() {
      return Severity.CRITICAL;
    }
  }

  /** A diagnosis that is worth knowing. */
  sealed interface Notable extends Diagnosis {
    @Override
    default Severity severity() {
      return Severity.NOTICE;
    }
  }

  // --- who is primary

  /** The one writable server, while nothing is stored or a script took the role from another. */
  record AdoptablePrimary(ServerId server, List<ServerId> replicas, Optional<ServerId> former)
      implements OfServer, Notable {
    @Override
    public String sentence() {
      return former.isPresent()
          ? "the role went from " + former.get() + " to " + server + ", and it was not Regent"
          : server + " is the one writable server and " + join(replicas) + " follow it";
    }
  }

  /** Nothing is stored, and no server can be named primary without a guess. */
  record NoPrimaryKnown(String why) implements Critical {
    @Override
    public String key() {
      return name() + " " + why;
    }

    @Override
    public String sentence() {
      return "no primary is known: " + why;
    }
  }

  /** More than one server takes writes. */
  record SeveralWritable(List<ServerId> writable, Optional<ServerId> primary) implements Critical {
    @Override
    public String sentence() {
      return join(writable)
          + " are writable at the same time"
          + primary.map(p -> "; the reign belongs to " + p).orElse("; no reign is stored");
    }
  }

  record PrimaryWell(ServerId server, long epoch) implements OfServer {
    @Override
    public String sentence() {
      return server + " is primary (epoch " + epoch + ") and answers";
    }

    @Override
    public Severity severity() {
      return Severity.OK;
    }
  }

  // --- the primary does not answer

  /** It does not answer; the evidence is not complete yet. */
  record PrimarySuspected(ServerId server, Observation.Kind kind, Moment since, String waitingFor)
      implements OfServer, Critical {
    @Override
    public String sentence() {
      return server + " does not answer (" + words(kind) + "); waiting for " + waitingFor;
    }
  }

  /** We cannot reach it and its witnesses cannot either. */
  record PrimaryDead(ServerId server, Cause cause, List<ServerId> witnesses, Moment since)
      implements OfServer, Critical {

    /** What the death looked like. */
    public enum Cause {
      CRASH,
      SILENCE
    }

    @Override
    public String sentence() {
      String how =
          cause == Cause.CRASH
              ? " is dead: its port refuses connections"
              : " is dead or frozen: it stays silent";
      return server + how + ", and " + join(witnesses) + " lost it too";
    }
  }

  /** We cannot reach it, but a witness hears it: our path is broken, not the primary. */
  record PrimaryHidden(ServerId server, ServerId witness, Observation.Kind kind, Moment since)
      implements OfServer, Critical {
    @Override
    public String sentence() {
      return server + " is hidden from us only (" + words(kind) + "): " + witness + " hears it";
    }
  }

  /** It answers, but not to us. It lives. */
  record PrimaryLockedOut(ServerId server, Observation.Kind kind, String detail)
      implements OfServer, Critical {
    @Override
    public String sentence() {
      return server + " lives but refuses the manager (" + words(kind) + "): " + detail;
    }
  }

  /** It does not answer and nobody can testify. */
  record PrimaryUnwitnessed(ServerId server, Observation.Kind kind, String why)
      implements OfServer, Critical {
    @Override
    public String sentence() {
      return server + " does not answer (" + words(kind) + ") and nobody can testify: " + why;
    }
  }

  /** It is silent, its witnesses' heartbeats are too slow to tell, and none was tested yet. */
  record PrimaryUntested(ServerId server, List<ServerId> witnesses, Moment since)
      implements OfServer, Critical {
    @Override
    public String sentence() {
      String who = Words.join(witnesses);
      return server + " is silent, and " + who + " must reconnect to tell: heartbeats are too slow";
    }
  }

  /** No server of the cluster answers. */
  record ClusterDown(List<ServerId> servers) implements Critical {
    @Override
    public String sentence() {
      return "no server answers: " + join(servers);
    }
  }

  // --- the primary answers, and something is wrong with it

  /** The reign's primary restarted and came back closed (its start file is fail-closed). */
  record PrimaryRestarted(ServerId server, List<ServerId> missing) implements OfServer, Critical {
    @Override
    public String sentence() {
      return server
          + " restarted and is read-only; the most advanced server must get the role"
          + (missing.isEmpty() ? "" : "; not back yet: " + join(missing));
    }
  }

  /** Everybody restarted, the primary has not come back, and the replicas' threads are stopped. */
  record PrimaryLostInOutage(ServerId server, List<ServerId> restarted, Moment since)
      implements OfServer, Critical {
    @Override
    public String sentence() {
      return server
          + " did not come back after an outage of the whole cluster; restarted: "
          + join(restarted);
    }
  }

  /** The reign's primary is read-only although it did not restart: somebody closed it. */
  record PrimaryReadOnly(ServerId server) implements OfServer, Critical {
    @Override
    public String sentence() {
      return server + " is primary but read_only is on, and it was not Regent that set it";
    }
  }

  record PrimaryCannotWrite(ServerId server, String reason) implements OfServer, Critical {
    @Override
    public String sentence() {
      return server + " answers but cannot write: " + reason;
    }
  }

  /** The reign's primary follows a server of this cluster. */
  record PrimaryFollows(ServerId server, ServerId source) implements OfServer {
    @Override
    public String sentence() {
      return server + " is primary but replicates from " + source;
    }
  }

  /** Commits wait for an acknowledgement and nobody is there to give one, or it got lost. */
  record SemiSyncBlocked(
      ServerId server, int waiting, List<ServerId> absent, Optional<Receipt> receipt)
      implements OfServer, Critical {
    @Override
    public String sentence() {
      return waiting
          + " commits wait on "
          + server
          + " for an acknowledgement"
          + (absent.isEmpty() ? "" : "; absent sync members: " + join(absent))
          + receipt.map(r -> "; " + r.member() + " has received " + r.received()).orElse("");
    }
  }

  /** The settings that profile safe or available needs are not in force on the primary. */
  record SemiSyncUnprotected(ServerId server, String what) implements OfServer {
    @Override
    public String sentence() {
      return "semi-sync on " + server + " is not what the profile needs: " + what;
    }
  }

  /** A server of the sync set cannot acknowledge. */
  record SyncMemberSilent(ServerId server, String why) implements OfServer {
    @Override
    public String sentence() {
      return "sync member " + server + " cannot acknowledge: " + why;
    }
  }

  /** A replica could acknowledge, but the sync set does not list it. */
  record SyncStranger(ServerId server, boolean acknowledges) implements OfServer {
    @Override
    public String sentence() {
      return server
          + (acknowledges
              ? " has semi-sync on but is not in the sync set: it counts as a member from now on"
              : " is configured as synchronous but is not in the sync set yet");
    }
  }

  /** The event scheduler of the primary is off while events are due. */
  record EventsStopped(ServerId server) implements OfServer {
    @Override
    public String sentence() {
      return "the event scheduler of primary " + server + " is off, and it was on before";
    }
  }

  // --- left behind by a dead manager

  record PlanInterrupted(OpenPlan plan) implements Diagnosis {
    @Override
    public String sentence() {
      return "plan "
          + plan.id()
          + " ("
          + plan.kind()
          + ") was interrupted after "
          + (plan.intents().isEmpty() ? "nothing" : "'" + plan.intents().getLast() + "'");
    }
  }

  record DurabilityRelaxed(ServerId server, ServerFacts.Durability original) implements OfServer {
    @Override
    public String sentence() {
      return server + " still has its durability relaxed for a drain that is over";
    }
  }

  // --- replicas

  /** It is not the primary, follows nobody, and has nothing the primary lacks. */
  record ReplicaDetached(ServerId server, boolean writable, boolean formerPrimary)
      implements OfServer {
    @Override
    public String sentence() {
      return server
          + (formerPrimary ? " (a former primary) is back," : " follows nobody,")
          + (writable ? " writable," : "")
          + " and has nothing that the primary lacks: it can be attached";
    }
  }

  /** It has transactions that the primary does not have. */
  record Errant(ServerId server, List<GtidState.Range> ranges, boolean formerPrimary)
      implements OfServer {
    @Override
    public String sentence() {
      return server
          + " has "
          + Words.transactions(ranges)
          + " that the primary does not have: "
          + Words.ranges(ranges);
    }
  }

  /** First contact with a server that takes writes or receives from elsewhere; not compared yet. */
  record Returned(ServerId server, boolean writable, List<String> receivingFromElsewhere)
      implements OfServer {
    public Returned {
      receivingFromElsewhere = List.copyOf(receivingFromElsewhere);
    }

    @Override
    public String sentence() {
      return server
          + " is back"
          + (writable ? ", writable" : "")
          + (receivingFromElsewhere.isEmpty() ? "" : ", receiving from another server")
          + ": it is fenced before it is looked at";
    }
  }

  record ReplicaWritable(ServerId server) implements OfServer, Critical {
    @Override
    public String sentence() {
      return server + " is not the primary but takes writes";
    }
  }

  record ReplicaFollowsWrong(ServerId server, String follows, ServerId expected)
      implements OfServer {
    @Override
    public String sentence() {
      return server + " follows " + follows + " instead of " + expected;
    }
  }

  /** Threads stopped without an error. */
  record ReplicaStopped(ServerId server, boolean receiving, boolean applying, Stopper stopper)
      implements OfServer {

    /** Who stopped them: a restart, whose start file is fail-closed; we; or somebody else. */
    public enum Stopper {
      RESTART,
      REGENT,
      SOMEBODY
    }

    @Override
    public String sentence() {
      String what = !receiving && !applying ? "both threads" : receiving ? "SQL" : "IO";
      return switch (stopper) {
        case RESTART -> server + " restarted and does not replicate yet";
        case REGENT -> server + " does not replicate since Regent stopped it (" + what + ")";
        case SOMEBODY -> "somebody stopped replication on " + server + " (" + what + ")";
      };
    }
  }

  record ReplicaBroken(ServerId server, Channel.Problem problem, boolean applying)
      implements OfServer {
    @Override
    public String sentence() {
      String error = (applying ? "SQL error " : "IO error ") + problem.number();
      return "replication on " + server + " is broken (" + error + "): " + problem.text();
    }
  }

  record ReplicaConnecting(ServerId server, ServerId source, int error) implements OfServer {
    @Override
    public String sentence() {
      String number = error == 0 ? "" : " (error " + error + ")";
      String what = ReplicaHealth.CUT.contains(error) ? " was cut off by " : " cannot connect to ";
      return server + what + source + number + " although it answers the manager";
    }
  }

  record ReplicaLate(ServerId server, long lagSeconds) implements OfServer {
    @Override
    public String sentence() {
      return server + " lags " + lagSeconds + " s behind";
    }
  }

  record ReplicaUnreachable(ServerId server, Observation.Kind kind, Duration silent)
      implements OfServer {
    @Override
    public String sentence() {
      return server + " has not answered for " + Words.time(silent) + " (" + words(kind) + ")";
    }
  }

  /** It says that it is caught up, but its log lacks transactions of the primary (physics 5.3). */
  record ReplicaMisses(ServerId server, List<GtidState.Range> ranges)
      implements OfServer, Critical {
    @Override
    public String sentence() {
      return server + " says it is caught up but lacks " + Words.ranges(ranges);
    }
  }

  /** Caught up, with equal binlog states. {@code below}: those who hung there, and are silent. */
  record RejoinProven(ServerId server, List<ServerId> below) implements OfServer, Notable {
    @Override
    public String sentence() {
      return server + " caught up and its binlog state equals the primary's: nothing was skipped";
    }
  }

  /** A replica with replicas is gone; these below it lost it too and hang on nothing. */
  record RelayDead(ServerId server, List<ServerId> replicas) implements OfServer {
    @Override
    public String sentence() {
      return "relay " + server + " does not answer, and " + join(replicas) + " lost it too";
    }
  }

  /** It has several channels: promotion and rejoin touch only the one inside this cluster. */
  record MultiSource(ServerId server, List<String> channels) implements OfServer, Notable {
    @Override
    public String sentence() {
      return server + " has several replication channels: " + String.join(", ", channels);
    }
  }

  /** It could not be promoted safely, for these reasons of configuration. */
  record Unfit(ServerId server, List<String> reasons) implements OfServer {
    public Unfit {
      reasons = List.copyOf(reasons);
    }

    @Override
    public String sentence() {
      return server + " is not fit to be promoted: " + String.join("; ", reasons);
    }
  }

  record DuplicateServerIds(List<ServerId> servers, long serverId) implements Critical {
    @Override
    public String sentence() {
      return join(servers) + " share server_id " + serverId;
    }
  }

  /** Held out until an operator decides. */
  record Quarantined(ServerId server, String reason, String file) implements OfServer {
    @Override
    public String sentence() {
      String saved = file.isEmpty() ? "" : "; its transactions are saved in " + file;
      return server + " is quarantined: " + reason + saved;
    }
  }
}
