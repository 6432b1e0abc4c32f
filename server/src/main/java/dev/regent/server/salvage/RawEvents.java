package dev.regent.server.salvage;

import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Decodes events and keeps the bytes of the last one as the server sent them, checksum included.
 */
final class RawEvents extends EventDeserializer {
  private static final int HEADER = 19;
  private static final int LENGTH_AT = 9;

  private byte[] last = new byte[0];

  @Override
  public Event nextEvent(ByteArrayInputStream in) throws IOException {
    byte[] header = in.read(HEADER);
    int length = 0;
    for (int i = 3; i >= 0; i--) {
      length = (length << 8) | (header[LENGTH_AT + i] & 0xff);
    }
    byte[] body = in.read(length - HEADER);
    last = Arrays.copyOf(header, length);
    System.arraycopy(body, 0, last, HEADER, body.length);
    return super.nextEvent(new ByteArrayInputStream(last));
  }

  byte[] last() {
    return last;
  }
}
