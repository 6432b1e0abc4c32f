package dev.regent.cli.fake;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The server's side of the MariaDB protocol, as far as a probe needs it: greeting, OK, error, text
 * results. No compression, no TLS, no extended capabilities; packets below 16 MiB.
 */
final class Wire {
  private static final int PROTOCOL = 10;
  private static final int UTF8 = 33;
  private static final int STRING = 0xfd;
  private static final int AUTOCOMMIT = 2;
  private static final String PLUGIN = "mysql_native_password";
  private static final String SCRAMBLE = "abcdefghijklmnopqrst";

  /**
   * Long passwords and flags, a database at connect, protocol 4.1, transactions, secure
   * authentication, several results, authentication plugins, attributes.
   */
  private static final int CAPABILITIES =
      1 | 2 | 4 | 8 | 0x200 | 0x2000 | 0x8000 | 0x20000 | 0x80000 | 0x100000 | 0x200000;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int sequence;

  /** An answer whose first packet has this number. */
  Wire(int sequence) {
    this.sequence = sequence;
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }

  Wire greeting(String version, int connection) {
    Payload p = new Payload();
    p.number(PROTOCOL, 1).zeroEnded(version).number(connection, 4);
    p.raw(SCRAMBLE.substring(0, 8)).number(0, 1);
    p.number(CAPABILITIES & 0xffff, 2).number(UTF8, 1).number(AUTOCOMMIT, 2);
    p.number(CAPABILITIES >>> 16, 2).number(SCRAMBLE.length() + 1, 1);
    p.number(0, 4).number(0, 4).number(0, 2);
    p.zeroEnded(SCRAMBLE.substring(8)).zeroEnded(PLUGIN);
    return packet(p);
  }

  Wire ok() {
    return packet(new Payload().number(0, 3).number(AUTOCOMMIT, 2).number(0, 2));
  }

  Wire error(int code, String message) {
    return packet(new Payload().number(0xff, 1).number(code, 2).raw("#HY000").raw(message));
  }

  /** A text result; an empty value is NULL. */
  Wire rows(List<String> columns, List<List<Optional<String>>> rows) {
    packet(new Payload().number(columns.size(), 1));
    columns.forEach(this::column);
    end();
    for (List<Optional<String>> row : rows) {
      Payload p = new Payload();
      row.forEach(value -> value.ifPresentOrElse(p::text, () -> p.number(0xfb, 1)));
      packet(p);
    }
    return end();
  }

  private void column(String name) {
    Payload p = new Payload();
    p.text("def").text("").text("").text("").text(name).text(name);
    p.number(0x0c, 1).number(UTF8, 2).number(1024, 4).number(STRING, 1);
    packet(p.number(0, 2).number(0, 1).number(0, 2));
  }

  private Wire end() {
    return packet(new Payload().number(0xfe, 1).number(0, 2).number(AUTOCOMMIT, 2));
  }

  private Wire packet(Payload payload) {
    byte[] content = payload.bytes.toByteArray();
    Payload head = new Payload().number(content.length, 3).number(sequence++, 1);
    bytes.writeBytes(head.bytes.toByteArray());
    bytes.writeBytes(content);
    return this;
  }

  private static final class Payload {
    private static final int SHORT_MAX = 250;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Little endian, in so many bytes. */
    Payload number(long value, int size) {
      for (int i = 0; i < size; i++) {
        bytes.write((int) (value >>> (8 * i)));
      }
      return this;
    }

    Payload raw(String text) {
      bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      return this;
    }

    Payload zeroEnded(String text) {
      return raw(text).number(0, 1);
    }

    /** With its length before it. */
    Payload text(String text) {
      byte[] content = text.getBytes(StandardCharsets.UTF_8);
      if (content.length <= SHORT_MAX) {
        number(content.length, 1);
      } else {
        number(0xfc, 1).number(content.length, 2);
      }
      bytes.writeBytes(content);
      return this;
    }
  }
}
