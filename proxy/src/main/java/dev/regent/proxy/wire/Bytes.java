package dev.regent.proxy.wire;

/**
 * Bytes that somebody else owns, such as what a socket has received: good only during the call that
 * they came with. What is to be kept is copied.
 */
public interface Bytes {
  int length();

  /** The byte at an index, 0 to 255. */
  int at(int index);

  byte[] copy(int from, int to);

  /**
   * All of them, from index 0 on, where they can be looked at faster: good as long as these bytes,
   * not to be written to, and perhaps longer.
   */
  default byte[] array() {
    return copy(0, length());
  }

  /** A view of an array, which must not change meanwhile. */
  static Bytes of(byte... bytes) {
    return of(bytes, 0, bytes.length);
  }

  /** The same, of a part of it. */
  static Bytes of(byte[] bytes, int from, int to) {
    return new ArrayBytes(bytes, from, to);
  }

  /** A part of these bytes, with indexes of its own. */
  default Bytes part(int from, int to) {
    Bytes whole = this;
    return new Bytes() {
      @Override
      public int length() {
        return to - from;
      }

      @Override
      public int at(int index) {
        return whole.at(from + index);
      }

      @Override
      public byte[] copy(int begin, int end) {
        return whole.copy(from + begin, from + end);
      }
    };
  }
}
