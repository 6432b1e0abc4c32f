package dev.regent.server.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.regent.core.model.Check;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One unit of the journal: a line of header, then the payload, lines of JSON.
 *
 * <pre>{@code
 * = 0000000000000007 0000000000000006 000000a3 7be01234 5f3a9c01
 * | sequence         syncedThrough    length   payload  header: CRC32C of payload and of this line
 * kind
 * }</pre>
 *
 * All of it is text without a zero byte. So the journal can be read with a pager, and a zero byte
 * in it is a block that the disk never wrote (see {@link JournalReader}).
 *
 * @param sequence one higher in every frame; a snapshot has that of the last frame it replaces
 * @param syncedThrough the last sequence known to be on the disk when this frame was written
 * @param payload lines of JSON, each with its line end
 */
record Frame(Kind kind, long sequence, long syncedThrough, String payload) {
  static final int HEADER = 63;

  /** A frame larger than this is a mistake, not an append. */
  static final int PAYLOAD_MAX = 64 << 20;

  private static final HexFormat HEX = HexFormat.of();

  /** What a frame holds. */
  enum Kind {
    /** The whole record; the first frame of a journal and no other. */
    SNAPSHOT('*'),
    /** Entries that were promised to be durable. */
    DURABLE('='),
    /** Entries that a crash of the host may take. */
    LAZY('~');

    private final char sign;

    Kind(char sign) {
      this.sign = sign;
    }

    private static Optional<Kind> of(byte sign) {
      return Arrays.stream(values()).filter(k -> k.sign == sign).findFirst();
    }
  }

  /** What a header line says, once its checksum is proven. */
  record Header(Kind kind, long sequence, long syncedThrough, int length, int payloadCrc) {

    /** Empty unless exactly a header with its right checksum stands at the offset. */
    static Optional<Header> at(byte[] bytes, int offset) {
      if (bytes.length - offset < HEADER || offset < 0) {
        return Optional.empty();
      }
      Optional<Kind> kind = Kind.of(bytes[offset]);
      if (kind.isEmpty()) {
        return Optional.empty();
      }
      String line = new String(bytes, offset, HEADER, US_ASCII);
      try {
        Header header =
            new Header(
                kind.get(),
                HexFormat.fromHexDigitsToLong(line, 2, 18),
                HexFormat.fromHexDigitsToLong(line, 19, 35),
                HexFormat.fromHexDigits(line, 36, 44),
                HexFormat.fromHexDigits(line, 45, 53));
        boolean exact = Arrays.equals(bytes, offset, offset + HEADER, header.line(), 0, HEADER);
        boolean possible = header.length >= 0 && header.length <= PAYLOAD_MAX;
        return exact && possible ? Optional.of(header) : Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    private byte[] line() {
      String text =
          "%c %s %s %s %s "
              .formatted(
                  kind.sign,
                  HEX.toHexDigits(sequence),
                  HEX.toHexDigits(syncedThrough),
                  HEX.toHexDigits(length),
                  HEX.toHexDigits(payloadCrc));
      byte[] head = text.getBytes(US_ASCII);
      return (text + HEX.toHexDigits(crc(head, 0, head.length)) + "\n").getBytes(US_ASCII);
    }
  }

  byte[] encoded() {
    byte[] body = payload.getBytes(UTF_8);
    Check.argument(body.length <= PAYLOAD_MAX, "a frame of " + body.length + " bytes");
    int crc = crc(body, 0, body.length);
    byte[] header = new Header(kind, sequence, syncedThrough, body.length, crc).line();
    byte[] all = Arrays.copyOf(header, header.length + body.length);
    System.arraycopy(body, 0, all, header.length, body.length);
    return all;
  }

  static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
