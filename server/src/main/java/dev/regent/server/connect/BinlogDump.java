package dev.regent.server.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.mariadb.jdbc.Statement;
import org.mariadb.jdbc.client.Completion;
import org.mariadb.jdbc.client.Context;
import org.mariadb.jdbc.client.socket.Reader;
import org.mariadb.jdbc.client.socket.Writer;
import org.mariadb.jdbc.client.util.ClosableLock;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.message.ClientMessage;
import org.mariadb.jdbc.message.server.OkPacket;

/**
 * Asks for a binary log as a replica does (COM_BINLOG_DUMP), from a place to the present end of the
 * last file. A message of the driver's, so that its logins and its encryption serve this connection
 * as they serve all others.
 */
final class BinlogDump implements ClientMessage {
  private static final int COMMAND = 0x12;

  /** The first event stands behind the four bytes that mark a binary log. */
  static final int BEGINNING = 4;

  /** BINLOG_DUMP_NON_BLOCK: an end instead of waiting for more; BINLOG_SEND_ANNOTATE_ROWS_EVENT. */
  private static final int FLAGS = 1 | 2;

  /** Nobody's: a server ends the other dump of a replica that it knows already. */
  private static final int SERVER_ID = 0;

  private static final int ERROR = 0xff;
  private static final int END = 0xfe;
  private static final int END_LENGTH_MAX = 9;

  private final String file;
  private final int position;
  private final Consumer<byte[]> events;

  /**
   * @param position in the file, four bytes without a sign
   * @param events gets each event as the server sent it
   */
  BinlogDump(String file, int position, Consumer<byte[]> events) {
    this.file = file;
    this.position = position;
    this.events = events;
  }

  /** Returns how many answers there will be. */
  @Override
  public int encode(Writer writer, Context context) throws IOException {
    writer.initPacket();
    writer.writeByte(COMMAND);
    writer.writeInt(position);
    writer.writeShort((short) FLAGS);
    writer.writeInt(SERVER_ID);
    writer.writeString(file);
    writer.flush();
    return 1;
  }

  @Override
  public Completion readPacket(
      Statement statement,
      int fetchSize,
      long maxRows,
      int resultSetConcurrency,
      int resultSetType,
      boolean closeOnCompletion,
      Reader reader,
      Writer writer,
      Context context,
      ExceptionFactory exceptions,
      ClosableLock lock,
      boolean trace,
      ClientMessage message,
      Consumer<String> redirect)
      throws IOException, SQLException {
    for (byte[] packet = reader.readPacket(trace); ; packet = reader.readPacket(trace)) {
      int kind = packet[0] & 0xff;
      if (kind == ERROR) {
        throw error(packet);
      }
      if (kind == END && packet.length < END_LENGTH_MAX) {
        return OkPacket.BASIC_OK;
      }
      events.accept(Arrays.copyOfRange(packet, 1, packet.length));
    }
  }

  /** A byte, the number, {@code #} and the state's five characters, and words. */
  private static SQLException error(byte[] packet) {
    int number = (packet[1] & 0xff) | (packet[2] & 0xff) << 8;
    String rest = new String(packet, 3, packet.length - 3, UTF_8);
    String words = rest.startsWith("#") && rest.length() > 6 ? rest.substring(6) : rest;
    return new SQLException(words, "HY000", number);
  }

  @Override
  public String description() {
    return "BINLOG DUMP " + file + ":" + Integer.toUnsignedString(position);
  }
}
