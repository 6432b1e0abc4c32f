package dev.regent.sim.contract;

import java.time.Duration;
import java.util.List;

/**
 * One server. What signals do to its process returns when it has happened; what reads uses a
 * connection of the administrator's, made for it, and throws {@link CaseBroken} where the server
 * does not answer.
 */
public interface SubjectServer {
  /** Who logs in. */
  enum Login {
    /** All privileges, those to write on a read-only server and past the connection limit too. */
    ADMIN,
    /** May read and write rows, nothing else. */
    APP,
    /** APP with a wrong password. */
    STRANGER
  }

  /** An option of one start, beside a configuration that has none of them. */
  enum StartOption {
    /** {@code init_rpl_role=SLAVE}. */
    ROLE_REPLICA,
    /** {@code rpl_semi_sync_slave_enabled=1}. */
    SEMI_SYNC_REPLICA,
    /** {@code skip_slave_start=0}. */
    START_REPLICATION
  }

  int number();

  /** SIGKILL. */
  void kill();

  /** SIGTERM, and what an orderly shutdown does then. */
  void stop();

  /** SIGSTOP. */
  void freeze();

  /** SIGCONT. */
  void thaw();

  /** Starts the process, which is not there, and returns when it answers. */
  void start(StartOption... options);

  Attempt connect(Login login, Duration limit);

  default SubjectSession open(Login login) {
    Attempt attempt = connect(login, Subject.LIMIT);
    if (attempt instanceof Attempt.Connected connected) {
      return connected.session();
    }
    throw new CaseBroken("server" + number() + " to " + login + ": " + attempt);
  }

  String read(Variable variable);

  /** The rows that a new connection sees, in order. */
  List<Long> rows();

  /** One entry per source that the server was pointed to, by channel name. */
  List<ReplicaStatus> channels();

  /** The status of the channel without a name. */
  default ReplicaStatus status() {
    return channels().stream()
        .filter(status -> status.channel().isEmpty())
        .findFirst()
        .orElseThrow(() -> new CaseBroken("server" + number() + " follows nobody"));
  }

  /** The transactions that lie in the relay log of the channel without a name, in order. */
  List<String> relayLog();

  /**
   * Where the channel without a name stands in its source's log: all before that it has received.
   */
  LogPlace receivedUpTo();

  /** The position of what this server's log holds before a place; empty if it is none. */
  String loggedUpTo(LogPlace place);

  /**
   * Somebody who says that he acknowledges asks this server for its log from a place on, and soon
   * goes away.
   */
  Outcome acknowledge(LogPlace place);

  /** Session ids of those whose commit waits for an acknowledgement now. */
  List<Long> waiting();

  /** How many replicas this server believes to serve. */
  int dumpThreads();
}
