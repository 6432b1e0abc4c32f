package dev.regent.proxy.session;

import dev.regent.proxy.auth.HostPattern;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.Err;
import java.util.Locale;

/**
 * What a client may hear from the proxy itself. Numbers and states are such that drivers and pools
 * do the right thing with them.
 */
final class Trouble {
  private static final int TOO_MANY = 1040;
  private static final int DENIED = 1045;
  private static final int TOO_MANY_OF_USER = 1203;
  private static final int BAD_HANDSHAKE = 1043;
  private static final int UNKNOWN_COMMAND = 1047;
  private static final int DEADLOCK = 1213;
  private static final int UNKNOWN_STATEMENT = 1243;

  /** "The server is running with the ... option so it cannot execute this statement". */
  private static final int PREVENTED_BY_OPTION = 1290;

  /** "Variable ... can't be set to the value of ...". */
  private static final int WRONG_VALUE = 1231;

  private static final int PLUGIN_NOT_LOADED = 1524;
  private static final int INSECURE = 3159;
  private static final int OLD_CLIENT = 1251;
  private static final int TLS = 2026;
  private static final int MALFORMED = 1835;
  private static final int READ_ONLY_MODE = 1836;
  private static final int KILLED = 1927;
  private static final int LOST = 2013;
  private static final int NOT_PRIVILEGED = 1130;
  private static final int LOCKED = 4151;

  private Trouble() {}

  static Err denied(String user, HostPattern.Peer peer, boolean password) {
    return new Err(
        DENIED,
        "28000",
        "Access denied for user '"
            + user
            + "'@'"
            + peer
            + "' (using password: "
            + (password ? "YES" : "NO")
            + ")");
  }

  /** The client has agreed to nothing yet, so it is told no state. */
  static Err stranger(HostPattern.Peer peer) {
    return new Err(
        NOT_PRIVILEGED, "", "Host '" + peer + "' is not allowed to connect to this MariaDB server");
  }

  /** As a server says it of its own {@code max_user_connections}. */
  static Err tooManyOf(String user) {
    return new Err(
        TOO_MANY_OF_USER,
        "42000",
        "User " + user + " already has more than 'max_user_connections' active connections");
  }

  /** As a server says it, to whom it does not believe; no state, as above. */
  static Err header(HostPattern.Peer peer) {
    return new Err(NOT_PRIVILEGED, "", "Proxy header is not accepted from " + peer.address());
  }

  static Err locked() {
    return new Err(LOCKED, "HY000", "Access denied, this account is locked");
  }

  static Err unsupported(String user) {
    return new Err(
        PLUGIN_NOT_LOADED,
        "HY000",
        "Regent's proxy can check mysql_native_password, ed25519, parsec and pam only; the account"
            + " of '"
            + user
            + "' is proved otherwise");
  }

  /** The client is right, and nothing is wrong with its account. */
  static Err alone(String user, boolean known) {
    return new Err(
        PLUGIN_NOT_LOADED,
        "HY000",
        known
            ? "Regent's proxy has another password for the account of '"
                + user
                + "' than the servers: change it in the file that clients_file names"
            : "Regent's proxy needs the password of '"
                + user
                + "' to log in to servers, since its account's plugin does not let it pass"
                + " through: write it into the file that clients_file names");
  }

  /** The server asked for what the proxy cannot give. */
  static Err provedOtherwise(String user) {
    return new Err(
        PLUGIN_NOT_LOADED,
        "HY000",
        "The server wants '"
            + user
            + "' to be proved otherwise than the accounts of the primary say (Regent)");
  }

  static Err exposed(String user) {
    return new Err(
        INSECURE,
        "08004",
        "The account of '"
            + user
            + "' is proved by the password itself, which Regent's proxy passes on only if both the"
            + " client's connection and those to servers are encrypted (tls_certificate of the"
            + " listener; mode of [tls], which must not be \"trust\")");
  }

  /** As a server says it to a client that can be asked for nothing. */
  static Err tooOld() {
    return new Err(
        OLD_CLIENT,
        "08004",
        "Client does not support authentication protocol requested by server; consider upgrading"
            + " MariaDB client");
  }

  /** As a server with {@code require_secure_transport}. */
  static Err plain() {
    return new Err(
        INSECURE,
        "08004",
        "Connections using insecure transport are prohibited while --require_secure_transport=ON.");
  }

  static Err uncertified(String user, boolean asked) {
    return new Err(
        DENIED,
        "28000",
        "The account of '"
            + user
            + "' requires a certificate of the client's, "
            + (asked
                ? "and a server requires one of Regent's proxy in its place, which has none:"
                    + " set key_store of [tls]"
                : "which this listener of Regent's proxy asks nobody for: set tls_client_ca of"
                    + " the listener"));
  }

  /** As client libraries number what went wrong with TLS. */
  static Err insecure(String because) {
    return new Err(TLS, "HY000", "TLS with the server failed (Regent): " + because);
  }

  static Err badHandshake() {
    return new Err(BAD_HANDSHAKE, "08S01", "Bad handshake");
  }

  static Err unknownCommand() {
    return new Err(UNKNOWN_COMMAND, "08S01", "Unknown command");
  }

  static Err malformed() {
    return new Err(MALFORMED, "HY000", "Malformed communication packet");
  }

  /**
   * The transaction is certainly gone and may be begun again: what state 40001 means everywhere.
   */
  static Err rolledBack(Transcript.Refusal why) {
    return new Err(
        DEADLOCK,
        "40001",
        "The transaction was rolled back because its server was lost or replaced, and was not"
            + " repeated because "
            + why.words()
            + " (Regent); try restarting transaction");
  }

  /** A number that the client did not get from us, or closed. */
  static Err unknownStatement(long number, Command command) {
    String function =
        switch (command) {
          case FETCH -> "mysqld_stmt_fetch";
          case RESET -> "mysqld_stmt_reset";
          default -> "mysqld_stmt_execute";
        };
    return new Err(
        UNKNOWN_STATEMENT,
        "HY000",
        "Unknown prepared statement handler (" + number + ") given to " + function);
  }

  /** Who may not come in, or finds no database, will not a moment later either. */
  static boolean isFinal(Err err) {
    return err.state().equals("28000") || err.state().startsWith("42") || err.code() == LOCKED;
  }

  /** The server has as many connections as it takes. */
  static boolean isFull(Err err) {
    return err.code() == TOO_MANY;
  }

  /** A variable was to have no value; see {@link Memory#tellAll}. */
  static boolean isNoValue(Err err) {
    return err.code() == WRONG_VALUE;
  }

  /** The server's word that it takes no writes now, and did nothing. */
  static boolean isReadOnly(Err err) {
    return err.code() == PREVENTED_BY_OPTION && err.message().contains("read-only");
  }

  /** State 08007: transaction resolution unknown. */
  static Err unknownOutcome() {
    return new Err(
        LOST,
        "08007",
        "The server was lost while it executed the statement (Regent): whether it took effect is"
            + " unknown, and it was not repeated");
  }

  static Err lostResult() {
    return new Err(
        LOST, "08S01", "The server was lost while it sent the result (Regent): rows are missing");
  }

  static Err cannotMove(String because) {
    return new Err(
        KILLED,
        "08S01",
        "The server was lost or replaced, and the session could not move to another one because of "
            + because
            + " (Regent); the statement was not executed");
  }

  static Err killed() {
    return new Err(KILLED, "70100", "Connection was killed");
  }

  static Err holdOver(Settings settings) {
    boolean replica = settings.kind() == Settings.Kind.REPLICA;
    return new Err(
        READ_ONLY_MODE,
        "HY000",
        String.format(
            Locale.ROOT,
            "No %s for %.1f s (Regent, continuity.hold); the statement was not executed",
            replica ? "replica could be read from" : "server took writes",
            settings.hold().toMillis() / 1000.0));
  }
}
