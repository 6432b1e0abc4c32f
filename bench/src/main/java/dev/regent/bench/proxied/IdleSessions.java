package dev.regent.bench.proxied;

import dev.regent.lab.cluster.Accounts;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Clients that came, asked for one thing, and say no more. */
final class IdleSessions implements AutoCloseable {
  private final String url;
  private final Properties login = new Properties();
  private final List<Connection> connections = new ArrayList<>();

  IdleSessions(int port, Accounts.Account app) {
    url = "jdbc:mariadb://127.0.0.1:" + port + "/shop";
    login.setProperty("user", app.user());
    login.setProperty("password", app.password());
    login.setProperty("sslMode", "disable");
  }

  /** One more that stays. */
  void open() throws SQLException {
    connections.add(greeted());
  }

  /** One that comes, and goes. */
  void pass() throws SQLException {
    greeted().close();
  }

  int count() {
    return connections.size();
  }

  private Connection greeted() throws SQLException {
    Connection connection = DriverManager.getConnection(url, login);
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM orders WHERE id=1")) {
      result.next();
    }
    return connection;
  }

  @Override
  public void close() throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
    connections.clear();
  }
}
