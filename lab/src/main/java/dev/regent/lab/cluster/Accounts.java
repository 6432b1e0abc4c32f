package dev.regent.lab.cluster;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/**
 * The four accounts that every server of a cluster knows, each with a random password.
 *
 * @param root all rights, from this machine only
 * @param regent all rights: what Regent uses to observe and to act
 * @param repl what replicas log in with
 * @param app reads and writes rows of schema {@code shop}, nothing else
 */
public record Accounts(Account root, Account regent, Account repl, Account app) {

  /** A user and its password. */
  public record Account(String user, String password) {
    @Override
    public String toString() {
      return user;
    }
  }

  static Accounts random() {
    return new Accounts(random("root"), random("regent"), random("repl"), random("app"));
  }

  private static Account random(String user) {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return new Account(user, HexFormat.of().formatHex(bytes));
  }

  public List<Account> all() {
    return List.of(root, regent, repl, app);
  }

  /**
   * What the server runs at its very first start, one statement per line. Nothing of it gets into
   * the binary log: an account made on each server by itself would be an errant transaction there.
   */
  String creationSql() {
    return """
    SET sql_log_bin=0;
    CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY '%s';
    GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
    CREATE USER 'regent'@'%%' IDENTIFIED BY '%s';
    GRANT ALL PRIVILEGES ON *.* TO 'regent'@'%%' WITH GRANT OPTION;
    CREATE USER 'repl'@'%%' IDENTIFIED BY '%s';
    GRANT REPLICATION SLAVE ON *.* TO 'repl'@'%%';
    CREATE USER 'app'@'%%' IDENTIFIED BY '%s';
    GRANT SELECT, INSERT, UPDATE, DELETE ON shop.* TO 'app'@'%%';
    """
        .formatted(root.password(), regent.password(), repl.password(), app.password());
  }
}
