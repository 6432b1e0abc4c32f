package dev.regent.proxy.session;

import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Heard;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * What a client learned from a response, in 64 bits: rows, counts, numbers given to rows, errors.
 * Not what may differ between two servers that hold the same: warnings, states of the session, and
 * how columns are described.
 */
final class Digest {
  private final CRC32 one = new CRC32();
  private final CRC32C other = new CRC32C();

  /** A piece of a row; where rows are cut does not count. */
  void row(Bytes bytes, int from, int to) {
    byte[] piece = bytes.copy(from, to);
    one.update(piece);
    other.update(piece);
  }

  void heard(Heard heard) {
    switch (heard) {
      case Heard.Done done -> {
        number(1);
        number(done.ok().affectedRows());
        number(done.ok().insertId());
      }
      case Heard.End end -> number(2);
      case Heard.Failed failed -> {
        number(3);
        number(failed.err().code());
      }
      case Heard.FileWanted wanted -> number(4);
      case Heard.Prepared prepared -> number(5);
      case Heard.Passing passing -> {}
      case Heard.Text text -> {}
    }
  }

  long value() {
    return one.getValue() << 32 | other.getValue();
  }

  private void number(long value) {
    for (int i = 0; i < Long.BYTES; i++) {
      int part = (int) (value >> (8 * i)) & 0xff;
      one.update(part);
      other.update(part);
    }
  }
}
