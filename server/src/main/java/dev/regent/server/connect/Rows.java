package dev.regent.server.connect;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Makes a value of a result set. An {@link IllegalArgumentException} means that the server's answer
 * cannot be understood.
 */
@FunctionalInterface
public interface Rows<T> {
  T read(ResultSet rows) throws SQLException;
}
