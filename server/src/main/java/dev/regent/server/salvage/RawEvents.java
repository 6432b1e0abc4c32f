package dev.regent.server.salvage;

import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDataDeserializationException;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.EventHeaderV4Deserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Decodes events from their bytes as the server sent them. Whether they end with a checksum is said
 * by the format description at the beginning of each file.
 */
final class RawEvents {
  /** In words it would take several times as much memory, and nobody reads that. */
  private static final int SHOWN_MAX = 1 << 20;

  private final EventDeserializer deserializer = new EventDeserializer();

  /** An event whose content nobody understands has a header only; its bytes count. */
  Event decode(byte[] bytes) {
    try {
      if (bytes.length > SHOWN_MAX) {
        return new Event(
            new EventHeaderV4Deserializer().deserialize(new ByteArrayInputStream(bytes)), null);
      }
      return deserializer.nextEvent(new ByteArrayInputStream(bytes));
    } catch (EventDataDeserializationException e) {
      return new Event(e.getEventHeader(), null);
    } catch (IOException e) {
      throw new UncheckedIOException("an event of " + bytes.length + " bytes has no header", e);
    }
  }
}
