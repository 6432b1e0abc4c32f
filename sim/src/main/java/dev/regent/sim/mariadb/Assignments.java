package dev.regent.sim.mariadb;

import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.sim.commit.Locks;
import dev.regent.sim.commit.Settings;
import java.util.List;
import java.util.function.Consumer;

/** {@code SET GLOBAL}: the server sets what one statement names in its order. */
final class Assignments {
  private static final int UNKNOWN_VARIABLE = 1193;
  private static final int ACCESS_DENIED = 1227;
  private static final int MUST_STOP_FIRST = 1198;

  private final SimServer server;
  private final Settings settings;
  private final Locks locks;

  Assignments(SimServer server, Settings settings, Locks locks) {
    this.server = server;
    this.settings = settings;
    this.locks = locks;
  }

  void set(Session session, Statement.SetGlobal statement, Consumer<Reply<Boolean>> reply) {
    if (session.account().privileged()) {
      set(session, statement.settings(), reply);
    } else {
      reply.accept(new Reply.Refused<>(ACCESS_DENIED, "Access denied; you need privileges"));
    }
  }

  private void set(Session session, List<Statement.Setting> rest, Consumer<Reply<Boolean>> reply) {
    if (rest.isEmpty()) {
      reply.accept(Reply.ok());
      return;
    }
    set(
        session,
        rest.getFirst(),
        first -> {
          if (first.done()) {
            set(session, rest.subList(1, rest.size()), reply);
          } else {
            reply.accept(first);
          }
        });
  }

  private void set(Session session, Statement.Setting setting, Consumer<Reply<Boolean>> reply) {
    String value = setting.value();
    switch (setting.name()) {
      case "read_only" -> {
        readOnly(session, on(value), reply);
        return;
      }
      case "rpl_semi_sync_master_enabled" -> server.acks().enable(on(value));
      case "rpl_semi_sync_master_wait_no_slave" -> settings.waitNoReplica = on(value);
      case "rpl_semi_sync_master_wait_point" -> settings.waitPoint = value;
      case "rpl_semi_sync_master_timeout" ->
          settings.semiSyncTimeoutMillis = Long.parseUnsignedLong(value);
      case "rpl_semi_sync_slave_enabled" -> settings.semiSyncReplica = on(value);
      case "rpl_semi_sync_slave_kill_conn_timeout" ->
          settings.killTimeoutSeconds = Long.parseLong(value);
      case "slave_net_timeout" -> settings.netTimeoutSeconds = Long.parseLong(value);
      case "slave_parallel_mode" -> settings.parallelMode = value;
      case "slave_parallel_threads" -> {
        if (server.channels().stream().anyMatch(c -> c.applier().running())) {
          reply.accept(new Reply.Refused<>(MUST_STOP_FIRST, "it has to be stopped first"));
          return;
        }
        settings.parallelThreads = Integer.parseInt(value);
      }
      case "sync_binlog" -> settings.syncBinlog = Long.parseLong(value);
      case "innodb_flush_log_at_trx_commit" -> settings.flushLog = Long.parseLong(value);
      case "relay_log_purge" -> settings.relayLogPurge = on(value);
      case "gtid_strict_mode" -> settings.strict = on(value);
      case "event_scheduler" -> settings.eventScheduler = on(value);
      case "max_connections" -> settings.connectionsMax = Integer.parseInt(value);
      case "gtid_binlog_state" -> server.log().stateIs(GtidState.parse(value));
      case "gtid_slave_pos" -> {
        server.run(session, new Statement.SetReplicated(GtidPosition.parse(value)), reply);
        return;
      }
      default -> {
        reply.accept(
            new Reply.Refused<>(UNKNOWN_VARIABLE, "Unknown system variable " + setting.name()));
        return;
      }
    }
    reply.accept(Reply.ok());
  }

  static boolean on(String value) {
    return value.equals("1") || value.equals("ON");
  }

  private void readOnly(Session session, boolean on, Consumer<Reply<Boolean>> reply) {
    if (!on || server.readOnly()) {
      server.closed(on);
      reply.accept(Reply.ok());
    } else {
      locks.silence(session, () -> server.closed(true), Execution.granted(reply));
    }
  }
}
