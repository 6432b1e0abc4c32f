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
import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;

/**
 * Picks the wanted transactions out of a server's event stream: their bytes, as a binary log file
 * that {@code mariadb-binlog} reads, and their content in words.
 */
final class Transactions {
  private static final byte[] MAGIC = {(byte) 0xfe, 'b', 'i', 'n'};

  /** More than this nobody repairs by hand, and it must fit into memory. */
  private static final int BYTES_MAX = 256 << 20;

  static final String LIMIT = (BYTES_MAX >> 20) + " MiB";

  private final List<GtidState.Range> wanted;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final StringBuilder words = new StringBuilder();
  private boolean described;
  private boolean inside;
  private boolean tooMany;
  private long count;

  Transactions(List<GtidState.Range> wanted) {
    this.wanted = List.copyOf(wanted);
    log.writeBytes(MAGIC);
  }

  void accept(Event event, byte[] bytes) {
    EventType type = event.getHeader().getEventType();
    if (type == EventType.FORMAT_DESCRIPTION && !described) {
      described = true;
      log.writeBytes(bytes);
    } else if (type == EventType.MARIADB_GTID) {
      begin(event, event.getData());
    } else if (ends(type)) {
      inside = false;
    }
    if (inside && !tooMany) {
      tooMany = log.size() + bytes.length > BYTES_MAX;
      log.writeBytes(tooMany ? new byte[0] : bytes);
      tell(event);
    }
  }

  /** Whether some had to be left out. */
  boolean tooMany() {
    return tooMany;
  }

  private static boolean ends(EventType type) {
    return type == EventType.ROTATE
        || type == EventType.STOP
        || type == EventType.MARIADB_GTID_LIST
        || type == EventType.BINLOG_CHECKPOINT;
  }

  private void begin(Event event, MariadbGtidEventData gtid) {
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
          .append(gtid.getDomainId())
          .append('-')
          .append(server)
          .append('-')
          .append(gtid.getSequence())
          .append("  ")
          .append(Instant.ofEpochMilli(event.getHeader().getTimestamp()))
          .append('\n');
    }
  }

  private void tell(Event event) {
    EventData data = event.getData();
    if (data == null) {
      line("# compressed, or not known to Regent: see the binary log");
    } else if (data instanceof QueryEventData q) {
      line(q.getDatabase().isEmpty() ? q.getSql() : q.getDatabase() + ": " + q.getSql());
    } else if (data instanceof AnnotateRowsEventData a) {
      line("# " + a.getRowsQuery());
    } else if (data instanceof TableMapEventData t) {
      line("table " + t.getDatabase() + "." + t.getTable());
    } else if (data instanceof WriteRowsEventData w) {
      w.getRows().forEach(r -> line("  insert " + values(r)));
    } else if (data instanceof DeleteRowsEventData d) {
      d.getRows().forEach(r -> line("  delete " + values(r)));
    } else if (data instanceof UpdateRowsEventData u) {
      u.getRows()
          .forEach(r -> line("  update " + values(r.getKey()) + " to " + values(r.getValue())));
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

  private void line(String text) {
    words.append(text).append('\n');
  }

  long count() {
    return count;
  }

  byte[] log() {
    return log.toByteArray();
  }

  String words() {
    return words.toString();
  }
}
