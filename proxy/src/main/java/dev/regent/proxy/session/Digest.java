package dev.regent.proxy.session;

import dev.regent.proxy.wire.Heard;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * What a client learned from a response, in 64 bits: rows, counts, numbers given to rows, errors.
 * Not what may differ between two servers that hold the same: warnings, states of the session, and
 * how columns are described.
 */
final class Digest {
  private static final int GATHERED_MAX = 1024;

  /** Most responses need no more, and one is made for every statement. */
  private static final int GATHERED_FIRST = 192;

  private final CRC32 one = new CRC32();
  private final CRC32C other = new CRC32C();

  /** A sum has a price each time that it is asked to go on: more than a short row costs it. */
  private byte[] gathered = new byte[GATHERED_FIRST];

  private int size;

  /** A piece of a row; where rows are cut does not count. */
  void row(byte[] bytes, int from, int to) {
    int length = to - from;
    if (!hasRoom(length)) {
      sumUp();
    }
    if (length > GATHERED_MAX) {
      one.update(bytes, from, length);
      other.update(bytes, from, length);
    } else {
      room(length);
      System.arraycopy(bytes, from, gathered, size, length);
      size += length;
    }
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
    sumUp();
    return one.getValue() << 32 | other.getValue();
  }

  private void number(long value) {
    if (!hasRoom(Long.BYTES)) {
      sumUp();
    }
    room(Long.BYTES);
    for (int i = 0; i < Long.BYTES; i++) {
      gathered[size++] = (byte) (value >> (8 * i));
    }
  }

  private boolean hasRoom(int more) {
    return more <= GATHERED_MAX - size;
  }

  private void room(int more) {
    if (more > gathered.length - size) {
      int wanted = Math.max(2 * gathered.length, size + more);
      gathered = Arrays.copyOf(gathered, Math.min(GATHERED_MAX, wanted));
    }
  }

  private void sumUp() {
    one.update(gathered, 0, size);
    other.update(gathered, 0, size);
    size = 0;
  }
}
