package dev.regent.server.salvage;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.shyiko.mysql.binlog.event.AnnotateRowsEventData;
import com.github.shyiko.mysql.binlog.event.DeleteRowsEventData;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.MariadbGtidEventData;
import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.UpdateRowsEventData;
import com.github.shyiko.mysql.binlog.event.WriteRowsEventData;
import dev.regent.core.model.GtidState;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.Writer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Picks the wanted transactions out of a server's event stream and writes them down as they come:
 * their bytes, as a binary log file that {@code mariadb-binlog} reads, and their content in words.
 * It keeps nothing in memory. After a failed write it takes no more and tells why.
 */
final class Transactions {
  private static final byte[] MAGIC = {(byte) 0xfe, 'b', 'i', 'n'};

  private final List<GtidState.Range> wanted;
  private final OutputStream log;
  private final Writer words;
  private boolean described;
  private boolean inside;
  private long count;
  private Optional<IOException> trouble = Optional.empty();

  Transactions(List<GtidState.Range> wanted, OutputStream log, Writer words) throws IOException {
    this.wanted = List.copyOf(wanted);
    this.log = log;
    this.words = words;
    log.write(MAGIC);
  }

  void accept(Event event, byte[] bytes) {
    if (trouble.isEmpty()) {
      try {
        write(event, bytes);
      } catch (IOException e) {
        trouble = Optional.of(e);
      }
    }
  }

  private void write(Event event, byte[] bytes) throws IOException {
    EventType type = event.getHeader().getEventType();
    if (type == EventType.FORMAT_DESCRIPTION && !described) {
      described = true;
      log.write(bytes);
    } else if (type == EventType.MARIADB_GTID) {
      begin(event, event.getData());
    } else if (ends(type)) {
      inside = false;
    }
    if (inside) {
      log.write(bytes);
      tell(event);
    }
  }

  private static boolean ends(EventType type) {
    return type == EventType.ROTATE
        || type == EventType.STOP
        || type == EventType.MARIADB_GTID_LIST
        || type == EventType.BINLOG_CHECKPOINT;
  }

  private void begin(Event event, MariadbGtidEventData gtid) throws IOException {
    // The event's own header says which server wrote it.
    long server =
        ((com.github.shyiko.mysql.binlog.event.EventHeaderV4) event.getHeader()).getServerId();
    inside =
        wanted.stream()
            .anyMatch(r ->
                r.domain() == gtid.getDomainId()
                    && r.server() == server
                    && r.from() <= gtid.getSequence()
                    && gtid.getSequence() <= r.to());
    if (inside) {
      count++;
      words
          .append("\n# ")
          .append(Long.toString(gtid.getDomainId()))
          .append('-')
          .append(Long.toString(server))
          .append('-')
          .append(Long.toString(gtid.getSequence()))
          .append("  ")
          .append(Instant.ofEpochMilli(event.getHeader().getTimestamp()).toString())
          .append('\n');
    }
  }

  private void tell(Event event) throws IOException {
    EventData data = event.getData();
    if (data == null) {
      line("# compressed, or not known to Regent, or too large to show: see the binary log");
    } else if (data instanceof QueryEventData q) {
      line(q.getDatabase().isEmpty() ? q.getSql() : q.getDatabase() + ": " + q.getSql());
    } else if (data instanceof AnnotateRowsEventData a) {
      line("# " + a.getRowsQuery());
    } else if (data instanceof TableMapEventData t) {
      line("table " + t.getDatabase() + "." + t.getTable());
    } else if (data instanceof WriteRowsEventData w) {
      for (Serializable[] row : w.getRows()) {
        line("  insert " + values(row));
      }
    } else if (data instanceof DeleteRowsEventData d) {
      for (Serializable[] row : d.getRows()) {
        line("  delete " + values(row));
      }
    } else if (data instanceof UpdateRowsEventData u) {
      for (var row : u.getRows()) {
        line("  update " + values(row.getKey()) + " to " + values(row.getValue()));
      }
    }
  }

  private static String values(Serializable[] row) {
    StringBuilder text = new StringBuilder("(");
    for (Serializable value : row) {
      text.append(text.length() > 1 ? ", " : "");
      text.append(value instanceof byte[] bytes ? new String(bytes, UTF_8) : value);
    }
    return text.append(')').toString();
  }

  private void line(String text) throws IOException {
    words.append(text).append('\n');
  }

  /** Whether all that are wanted were found. */
  boolean complete() throws IOException {
    return count() == GtidState.count(wanted);
  }

  /** How many were found; fails with what kept one of them from being written. */
  long count() throws IOException {
    if (trouble.isPresent()) {
      throw trouble.get();
    }
    return count;
  }
}
