package dev.regent.proxy.wire;

import java.util.Arrays;

/** A range of an array, which must not change meanwhile. */
final class ArrayBytes implements Bytes {
  private final byte[] array;
  private final int from;
  private final int length;

  ArrayBytes(byte[] array, int from, int to) {
    this.array = array;
    this.from = from;
    this.length = to - from;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int at(int index) {
    return array[from + index] & 0xff;
  }

  @Override
  public byte[] copy(int begin, int end) {
    return Arrays.copyOfRange(array, from + begin, from + end);
  }

  @Override
  public byte[] array() {
    return from == 0 ? array : copy(0, length);
  }

  @Override
  public Bytes part(int begin, int end) {
    return new ArrayBytes(array, from + begin, from + end);
  }
}
