package dev.regent.proxy.net;

import dev.regent.proxy.wire.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/** What one side has sent and nobody has used yet. Holds no memory while it is empty. */
final class Received implements Bytes {
  private final ByteBufAllocator allocator;
  private ByteBuf buffer = Unpooled.EMPTY_BUFFER;

  Received(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /** Takes over the bytes. */
  void add(ByteBuf more) {
    if (!buffer.isReadable()) {
      buffer.release();
      buffer = more;
      return;
    }
    // A slice of it may be on its way out: then it must stay as it is.
    if (buffer.refCnt() > 1 || buffer.isReadOnly() || more.readableBytes() > room()) {
      int size = buffer.readableBytes() + more.readableBytes();
      ByteBuf larger = allocator.buffer(2 * size);
      larger.writeBytes(buffer);
      buffer.release();
      buffer = larger;
    }
    buffer.writeBytes(more);
    more.release();
  }

  /** A part of it that outlives this; the receiver releases it. */
  ByteBuf share(int from, int to) {
    return buffer.retainedSlice(buffer.readerIndex() + from, to - from);
  }

  void used(int count) {
    buffer.skipBytes(count);
    if (!buffer.isReadable()) {
      clear();
    }
  }

  /** All of it; the receiver releases it. */
  ByteBuf take() {
    ByteBuf all = buffer;
    buffer = Unpooled.EMPTY_BUFFER;
    return all;
  }

  void clear() {
    buffer.release();
    buffer = Unpooled.EMPTY_BUFFER;
  }

  @Override
  public int length() {
    return buffer.readableBytes();
  }

  @Override
  public int at(int index) {
    return buffer.getUnsignedByte(buffer.readerIndex() + index);
  }

  @Override
  public byte[] copy(int from, int to) {
    byte[] copy = new byte[to - from];
    buffer.getBytes(buffer.readerIndex() + from, copy);
    return copy;
  }

  private int room() {
    return buffer.capacity() - buffer.writerIndex();
  }
}
