package dev.regent.server.connect;

import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.Problem;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.GtidPosition;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads {@code SHOW ALL SLAVES STATUS}. Columns are bound by name, because versions add and move
 * them, and only once per link, because a probe comes four times a second.
 *
 * <p>Not safe for several threads: one per link.
 */
public final class Channels implements Rows<List<Channel>> {
  public static final String SQL = "SHOW ALL SLAVES STATUS";

  private Map<String, Integer> positions = Map.of();
  private int columns;

  @Override
  public List<Channel> read(ResultSet rows) throws SQLException {
    List<Channel> channels = new ArrayList<>();
    while (rows.next()) {
      bind(rows.getMetaData());
      String host = text(rows, "Master_Host");
      int port = (int) number(rows, "Master_Port");
      // A connection that was made without a source, or forgotten, is none.
      if (!host.isBlank() && port > 0) {
        channels.add(channel(rows, new Endpoint(host, port)));
      }
    }
    channels.sort(Comparator.comparing(Channel::name));
    return channels;
  }

  private void bind(ResultSetMetaData meta) throws SQLException {
    if (columns == meta.getColumnCount()) {
      return;
    }
    Map<String, Integer> found = new HashMap<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      found.put(meta.getColumnLabel(i), i);
    }
    positions = Map.copyOf(found);
    columns = meta.getColumnCount();
  }

  private Channel channel(ResultSet rows, Endpoint source) throws SQLException {
    return new Channel(
        text(rows, "Connection_name"),
        source,
        number(rows, "Master_Server_Id"),
        state(text(rows, "Slave_IO_Running")),
        text(rows, "Slave_SQL_Running").equals("Yes"),
        GtidPosition.parse(text(rows, "Gtid_IO_Pos")),
        !text(rows, "Using_Gtid").equals("No"),
        number(rows, "Slave_received_heartbeats"),
        period(text(rows, "Slave_heartbeat_period")),
        text(rows, "Master_Log_File"),
        number(rows, "Read_Master_Log_Pos"),
        text(rows, "Relay_Log_File"),
        number(rows, "Relay_Log_Pos"),
        number(rows, "Exec_Master_Log_Pos"),
        lag(rows),
        problem(rows, "Last_IO_Errno", "Last_IO_Error"),
        problem(rows, "Last_SQL_Errno", "Last_SQL_Error"),
        Duration.ofSeconds(number(rows, "SQL_Delay")),
        text(rows, "Slave_SQL_State"));
  }

  private static ThreadState state(String words) {
    return switch (words) {
      case "Yes" -> ThreadState.YES;
      case "No" -> ThreadState.NO;
      default -> ThreadState.CONNECTING;
    };
  }

  /** In seconds with decimals. */
  private static Duration period(String seconds) {
    return seconds.isEmpty()
        ? Duration.ZERO
        : Duration.ofMillis(Math.round(Double.parseDouble(seconds) * 1000));
  }

  private OptionalLong lag(ResultSet rows) throws SQLException {
    String seconds = text(rows, "Seconds_Behind_Master");
    return seconds.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(seconds));
  }

  private Problem problem(ResultSet rows, String number, String text) throws SQLException {
    int code = (int) number(rows, number);
    return code == 0 ? Problem.NONE : new Problem(code, text(rows, text));
  }

  /** Empty for NULL and for a column that this version does not have. */
  private String text(ResultSet rows, String column) throws SQLException {
    int position = positions.getOrDefault(column, 0);
    return position == 0 ? "" : Optional.ofNullable(rows.getString(position)).orElse("");
  }

  private long number(ResultSet rows, String column) throws SQLException {
    String text = text(rows, column);
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }
}
