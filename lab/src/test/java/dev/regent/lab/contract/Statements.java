package dev.regent.lab.contract;

import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.ServerPlace;
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
import java.math.BigDecimal;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** Operations as SQL. */
final class Statements {
  private final IntUnaryOperator ports;
  private final Account login;

  /**
   * @param ports of the servers, by number
   * @param login for replicas
   */
  Statements(IntUnaryOperator ports, Account login) {
    this.ports = ports;
    this.login = login;
  }

  /**
   * @param status of the replica that the statement is for, where it needs that
   */
  String sql(Operation operation, Supplier<Map<String, String>> status) {
    return switch (operation) {
      case Insert(long row) -> "INSERT INTO shop.orders VALUES (%d, 1, 1, '')".formatted(row);
      case Delete(long row) -> "DELETE FROM shop.orders WHERE id = " + row;
      case Begin() -> "BEGIN";
      case Commit() -> "COMMIT";
      case LockTable() -> "LOCK TABLES shop.orders WRITE";
      case UnlockTables() -> "UNLOCK TABLES";
      case LockEverything() -> "FLUSH TABLES WITH READ LOCK";
      case FlushStatus(boolean logged) ->
          logged ? "FLUSH STATUS" : "FLUSH NO_WRITE_TO_BINLOG STATUS";
      case SetGlobal(Variable variable, String value) ->
          "SET GLOBAL %s = %s"
              .formatted(variable.sqlName(), variable.isGtidList() ? quoted(value) : value);
      case LogMyWrites(boolean logged) -> "SET SESSION sql_log_bin = " + (logged ? 1 : 0);
      case UseDomain(int domain) -> "SET SESSION gtid_domain_id = " + domain;
      case UseSequence(long sequence) -> "SET SESSION gtid_seq_no = " + sequence;
      case GetLock(String name, int seconds) ->
          "SELECT GET_LOCK(%s, %d)".formatted(quoted(name), seconds);
      case LockHolder(String name) -> "SELECT IFNULL(IS_USED_LOCK(%s), 0)".formatted(quoted(name));
      case KillQuery(long session) -> "KILL QUERY " + session;
      case KillConnection(long session) -> "KILL CONNECTION " + session;
      case StartReplication(String channel, Threads threads) ->
          "START SLAVE " + quoted(channel) + thread(threads);
      case StopReplication(String channel, Threads threads) ->
          "STOP SLAVE " + quoted(channel) + thread(threads);
      case PointTo pointTo -> change(pointTo);
      case PointToRelayLog() ->
          "CHANGE MASTER TO MASTER_USE_GTID=no, RELAY_LOG_FILE='%s', RELAY_LOG_POS=%s"
              .formatted(status.get().get("Relay_Log_File"), status.get().get("Relay_Log_Pos"));
      case ResetReplica(String channel, boolean all) ->
          "RESET SLAVE " + quoted(channel) + (all ? " ALL" : "");
      case ResetBinlog() -> "RESET MASTER";
      case AwaitApplied(String position, int seconds) ->
          "SELECT MASTER_GTID_WAIT(%s, %d)".formatted(quoted(position), seconds);
    };
  }

  private String change(PointTo to) {
    String place =
        switch (to.place()) {
          case REPLICA_POS -> "MASTER_USE_GTID=slave_pos";
          case CURRENT_POS -> "MASTER_USE_GTID=current_pos";
          case DEMOTED -> "MASTER_USE_GTID=slave_pos, MASTER_DEMOTE_TO_SLAVE=1";
        };
    return """
    CHANGE MASTER %s TO MASTER_HOST='%s', MASTER_PORT=%d, MASTER_USER='%s', MASTER_PASSWORD='%s',
      MASTER_CONNECT_RETRY=%d, MASTER_HEARTBEAT_PERIOD=%s,
      MASTER_SSL=0, MASTER_SSL_VERIFY_SERVER_CERT=0, %s\
    """
        .formatted(
            quoted(to.channel()),
            ServerPlace.HOST,
            ports.applyAsInt(to.source()),
            login.user(),
            login.password(),
            to.retrySeconds(),
            BigDecimal.valueOf(to.heartbeatMillis(), 3),
            place);
  }

  private static String thread(Threads threads) {
    return switch (threads) {
      case BOTH -> "";
      case RECEIVING -> " IO_THREAD";
      case APPLYING -> " SQL_THREAD";
    };
  }

  private static String quoted(String text) {
    return "'" + text + "'";
  }
}
