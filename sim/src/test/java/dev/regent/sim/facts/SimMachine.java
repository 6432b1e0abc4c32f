package dev.regent.sim.facts;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.Observation.Kind;
import dev.regent.sim.commit.StartFile;
import dev.regent.sim.contract.Attempt;
import dev.regent.sim.contract.CaseBroken;
import dev.regent.sim.contract.LogPlace;
import dev.regent.sim.contract.Operation.SetGlobal;
import dev.regent.sim.contract.Outcome;
import dev.regent.sim.contract.ReplicaStatus;
import dev.regent.sim.contract.ReplicaStatus.Receiving;
import dev.regent.sim.contract.SubjectServer;
import dev.regent.sim.contract.SubjectSession;
import dev.regent.sim.contract.Variable;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.mariadb.Account;
import dev.regent.sim.mariadb.Facts;
import dev.regent.sim.mariadb.Fate;
import dev.regent.sim.mariadb.Link;
import dev.regent.sim.mariadb.Reply;
import dev.regent.sim.mariadb.Session;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.mariadb.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A simulated server, asked as a real one is. What only looks needs no connection. */
final class SimMachine implements SubjectServer {
  private static final String STRANGER = "stranger";

  private final SimSubject subject;
  private final SimServer server;
  private final Fate fate;
  private final SimProcess client;

  SimMachine(SimSubject subject, SimServer server, Fate fate, SimProcess client) {
    this.subject = subject;
    this.server = server;
    this.fate = fate;
    this.client = client;
    server.troubles().deny(STRANGER, true);
  }

  @Override
  public int number() {
    return (int) server.serverId();
  }

  @Override
  public void kill() {
    fate.kill(0);
  }

  @Override
  public void stop() {
    fate.shutDown();
  }

  @Override
  public void freeze() {
    server.process().freeze();
  }

  @Override
  public void thaw() {
    server.process().thaw();
  }

  @Override
  public void start(StartOption... options) {
    List<StartOption> all = List.of(options);
    server.file(
        file(all.contains(StartOption.ROLE_REPLICA), all.contains(StartOption.SEMI_SYNC_REPLICA)));
    fate.start();
    subject.await("server" + number() + " to be up", server::listening);
    SubjectSession admin = open(Login.ADMIN);
    // What the configuration of the real servers says.
    admin.must(new SetGlobal(Variable.SEMI_SYNC_TIMEOUT, "18446744073709551615"));
    admin.must(new SetGlobal(Variable.WAIT_POINT, "AFTER_SYNC"));
    admin.close();
  }

  private static StartFile file(boolean role, boolean semiSync) {
    StartFile closed = StartFile.CLOSED;
    return new StartFile(
        closed.readOnly(),
        closed.skipReplicaStart(),
        role,
        semiSync,
        closed.strict(),
        closed.logsUpdates(),
        closed.binaryLog(),
        closed.format(),
        0,
        300,
        closed.netTimeout());
  }

  private static final class Box {
    private @Nullable Attempt attempt;
  }

  @Override
  public Attempt connect(Login login, Duration limit) {
    Account account =
        switch (login) {
          case ADMIN -> Account.ADMINISTRATOR;
          case APP -> Account.APPLICATION;
          case STRANGER -> new Account(STRANGER, false);
        };
    Box box = new Box();
    Link.dial(client, server, account, limit.toNanos(), reply -> box.attempt = attempt(reply));
    subject.await("an answer or none", () -> box.attempt != null);
    return Objects.requireNonNull(box.attempt);
  }

  private Attempt attempt(Reply<Link> reply) {
    return switch (reply) {
      case Reply.Done<Link> done ->
          new Attempt.Connected(
              new SimSession(done.value(), new SimStatements(server, subject::address), subject));
      case Reply.Refused<Link> refused -> new Attempt.Denied(refused.code());
      case Reply.Lost<Link> lost ->
          lost.kind() == Kind.TIMEOUT ? new Attempt.Silent() : new Attempt.Refused();
    };
  }

  private Facts facts() {
    if (!server.listening() || !server.process().running()) {
      throw new CaseBroken("server" + number() + " does not answer");
    }
    return server.facts();
  }

  @Override
  public String read(Variable variable) {
    Facts facts = facts();
    return switch (variable) {
      case READ_ONLY -> flag(facts.readOnly());
      case SEMI_SYNC_PRIMARY -> flag(facts.semiSyncPrimary());
      case SEMI_SYNC_REPLICA -> flag(facts.semiSync().replicaEnabled());
      case GTID_REPLICA_POS -> facts.replicated().toString();
      case GTID_BINLOG_POS -> facts.binlogPosition().toString();
      case GTID_BINLOG_STATE -> facts.binlogState().toString();
      case GTID_CURRENT_POS -> current(facts).toString();
      case SEMI_SYNC_PRIMARY_STATUS -> state(facts.semiSyncStatus().active());
      case SEMI_SYNC_CLIENTS -> Long.toString(facts.semiSyncStatus().clients());
      case SEMI_SYNC_REPLICA_STATUS -> state(facts.acknowledging());
      default -> throw new CaseBroken("the simulated server does not tell " + variable);
    };
  }

  private static String flag(boolean on) {
    return on ? "1" : "0";
  }

  private static String state(boolean on) {
    return on ? "ON" : "OFF";
  }

  /** Its own transactions count where they are further than what it replicated. */
  private GtidPosition current(Facts facts) {
    List<Gtid> own =
        facts.binlogPosition().gtids().stream()
            .filter(gtid -> gtid.server() == server.serverId())
            .toList();
    return facts.replicated().merge(new GtidPosition(own));
  }

  @Override
  public List<Long> rows() {
    facts();
    return server.engine().rows().stream().asLongStream().boxed().toList();
  }

  @Override
  public List<ReplicaStatus> channels() {
    return facts().channels().stream().map(this::status).toList();
  }

  private ReplicaStatus status(Channel channel) {
    return new ReplicaStatus(
        channel.name(),
        subject.numberAt(channel.source()),
        switch (channel.io()) {
          case YES -> Receiving.YES;
          case CONNECTING -> Receiving.CONNECTING;
          case NO -> Receiving.NO;
        },
        channel.sqlRunning(),
        channel.ioProblem().number(),
        channel.sqlProblem().number(),
        channel.received().toString(),
        channel.usesGtid() ? "Slave_Pos" : "No",
        channel.heartbeats());
  }

  @Override
  public List<String> relayLog() {
    facts();
    return server.channel("").stream()
        .flatMap(channel -> channel.relay().gtids().stream())
        .map(Gtid::toString)
        .toList();
  }

  @Override
  public LogPlace receivedUpTo() {
    Channel channel =
        facts().channels().stream().filter(c -> c.name().isEmpty()).findFirst().orElseThrow();
    return new LogPlace(channel.sourceLog(), channel.readPosition());
  }

  @Override
  public String loggedUpTo(LogPlace place) {
    return facts()
        .loggedUpTo(place.file(), place.position())
        .map(GtidPosition::toString)
        .orElse("");
  }

  @Override
  public Outcome acknowledge(LogPlace place) {
    SimSession session = (SimSession) open(Login.ADMIN);
    Outcome outcome = session.run(new Statement.AcknowledgeLog(place.file(), place.position()));
    session.close();
    return outcome;
  }

  @Override
  public List<Long> waiting() {
    facts();
    return server.sessions().stream()
        .filter(Session::waitsForAcknowledgement)
        .map(Session::id)
        .toList();
  }

  @Override
  public int dumpThreads() {
    facts();
    return server.dumps().size();
  }
}
