package dev.regent.lab.managed;

import dev.regent.lab.cluster.Accounts.Account;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.stream.Stream;

/** Logins of a driver, at a server or at a proxy. */
final class Logins {
  private Logins() {}

  static Connection login(int port, Account account, String database, String options)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", account.user());
    properties.setProperty("password", account.password());
    String url = "jdbc:mariadb://127.0.0.1:" + port + "/" + database + "?" + options;
    return DriverManager.getConnection(url, properties);
  }

  /** The refusal of a plain login. */
  static String refusal(int port, Account account, String database) {
    return refusal(port, account, database, "sslMode=disable");
  }

  /** Number, state and words, without the connection's number that the driver puts before them. */
  static String refusal(int port, Account account, String database, String options) {
    try (Connection client = login(port, account, database, options)) {
      return "let in as " + client.getMetaData().getUserName();
    } catch (SQLException e) {
      String words =
          Stream.of(String.valueOf(e.getMessage()).split("\\) ", 2))
              .reduce((a, b) -> b)
              .orElseThrow();
      return e.getErrorCode() + " " + e.getSQLState() + " " + words;
    }
  }
}
