package dev.regent.sim.facts;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.GtidPosition;
import dev.regent.sim.contract.CaseBroken;
import dev.regent.sim.contract.Operation;
import dev.regent.sim.contract.Operation.AwaitApplied;
import dev.regent.sim.contract.Operation.Begin;
import dev.regent.sim.contract.Operation.Commit;
import dev.regent.sim.contract.Operation.Delete;
import dev.regent.sim.contract.Operation.FlushStatus;
import dev.regent.sim.contract.Operation.GetLock;
import dev.regent.sim.contract.Operation.Insert;
import dev.regent.sim.contract.Operation.KillConnection;
import dev.regent.sim.contract.Operation.KillQuery;
import dev.regent.sim.contract.Operation.LockEverything;
import dev.regent.sim.contract.Operation.LockHolder;
import dev.regent.sim.contract.Operation.LockTable;
import dev.regent.sim.contract.Operation.LogMyWrites;
import dev.regent.sim.contract.Operation.Place;
import dev.regent.sim.contract.Operation.PointTo;
import dev.regent.sim.contract.Operation.PointToRelayLog;
import dev.regent.sim.contract.Operation.ResetBinlog;
import dev.regent.sim.contract.Operation.ResetReplica;
import dev.regent.sim.contract.Operation.SetGlobal;
import dev.regent.sim.contract.Operation.StartReplication;
import dev.regent.sim.contract.Operation.StopReplication;
import dev.regent.sim.contract.Operation.Threads;
import dev.regent.sim.contract.Operation.UnlockTables;
import dev.regent.sim.contract.Operation.UseDomain;
import dev.regent.sim.contract.Operation.UseSequence;
import dev.regent.sim.contract.Variable;
import dev.regent.sim.contract.Version;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.mariadb.Account;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.mariadb.Statement;
import dev.regent.sim.mariadb.Statement.Setting;
import dev.regent.sim.replication.ReplicaChannel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntFunction;

/** Operations as statements of a simulated server, for one session of it. */
final class SimStatements {
  private final SimServer server;
  private final IntFunction<Endpoint> addresses;
  private long domain;

  SimStatements(SimServer server, IntFunction<Endpoint> addresses) {
    this.server = server;
    this.addresses = addresses;
  }

  Statement of(Operation operation) {
    return switch (operation) {
      case Insert(long row) -> new Statement.Write(row, domain);
      case Delete(long row) -> new Statement.Delete(row, domain);
      case Begin() -> new Statement.Begin();
      case Commit() -> new Statement.Commit();
      case LockTable() -> new Statement.LockTables();
      case UnlockTables() -> new Statement.UnlockTables();
      case LockEverything() -> new Statement.LockAll(Long.MAX_VALUE / 4);
      case FlushStatus(boolean logged) -> new Statement.Flush(logged);
      case SetGlobal(Variable variable, String value) ->
          new Statement.SetGlobal(List.of(new Setting(variable.sqlName(), value)));
      case LogMyWrites(boolean logged) ->
          new Statement.SetSession("sql_log_bin", logged ? "1" : "0");
      case UseDomain(int number) -> {
        domain = number;
        yield new Statement.Nothing();
      }
      case UseSequence(long sequence) ->
          new Statement.SetSession("gtid_seq_no", Long.toString(sequence));
      case GetLock(String name, int seconds) ->
          new Statement.TakeLock(name, seconds * Kernel.SECOND);
      case LockHolder(String name) -> new Statement.Nothing();
      case KillQuery(long session) -> new Statement.Kill(session, false);
      case KillConnection(long session) -> new Statement.Kill(session, true);
      case StartReplication(String channel, Threads threads) ->
          new Statement.StartReplica(
              channel, threads != Threads.APPLYING, threads != Threads.RECEIVING);
      case StopReplication(String channel, Threads threads) ->
          new Statement.StopReplica(
              channel, threads != Threads.APPLYING, threads != Threads.RECEIVING);
      case PointTo pointTo -> change(pointTo);
      case PointToRelayLog() -> toRelayLog();
      case ResetReplica(String channel, boolean all) -> new Statement.ResetReplica(channel, all);
      case ResetBinlog() -> new Statement.ResetLog();
      case AwaitApplied(String position, int seconds) ->
          new Statement.WaitReplicated(GtidPosition.parse(position), seconds * Kernel.SECOND);
    };
  }

  /** A syntax error in this version. */
  boolean isUnknown(Operation operation) {
    return operation instanceof PointTo to
        && to.place() == Place.DEMOTED
        && !Version.parse(server.release().version()).since("10.10.0");
  }

  private Statement change(PointTo to) {
    Statement change =
        new Statement.ChangeSource(
            to.channel(),
            Optional.of(addresses.apply(to.source())),
            Optional.of(Account.REPLICATION.user()),
            Optional.of(true),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.of(to.retrySeconds() * Kernel.SECOND),
            OptionalLong.of(to.heartbeatMillis() * Kernel.MILLISECOND),
            OptionalLong.empty());
    return switch (to.place()) {
      case REPLICA_POS -> change;
      // What it stands for (physics 3.2), and what the core says instead.
      case DEMOTED ->
          new Statement.Several(List.of(new Statement.SetReplicated(server.applied()), change));
      case CURRENT_POS -> throw new CaseBroken("the simulated server does not know current_pos");
    };
  }

  private Statement toRelayLog() {
    ReplicaChannel channel = server.channel("").orElseThrow();
    return new Statement.ChangeSource(
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.of(false),
        Optional.of(channel.relay().fileName()),
        OptionalLong.of(channel.relay().position()),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** What a client gets with an OK of this statement; {@code yes} is the simulated server's. */
  String value(Operation operation, boolean yes) {
    return switch (operation) {
      case GetLock lock -> yes ? "1" : "0";
      case AwaitApplied await -> yes ? "0" : "-1";
      case LockHolder(String name) -> Long.toString(server.lockHolder(name));
      default -> "";
    };
  }
}
