package dev.regent.proxy.net;

import dev.regent.proxy.wire.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;

/** What one side has sent and nobody has used yet. Holds no memory while it is empty. */
final class Received implements Bytes {
  /** What is longer is copied into an array of its own. */
  private static final int SCRATCH = 64 << 10;

  /** One for each loop: what is in it is good until the next one's bytes are looked at. */
  private static final FastThreadLocal<byte[]> SCRATCHES =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[SCRATCH];
        }
      };

  private static final int NOTHING = -1;

  private final ByteBufAllocator allocator;
  private ByteBuf buffer = Unpooled.EMPTY_BUFFER;

  /** So much was shared, and it was all. */
  private int whole = NOTHING;

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

  /**
   * A part of it that outlives this; the receiver releases it. Who takes all of it uses all of it.
   */
  ByteBuf share(int from, int to) {
    if (from == 0 && to == buffer.readableBytes()) {
      whole = to;
      return buffer.retain();
    }
    return buffer.retainedSlice(buffer.readerIndex() + from, to - from);
  }

  void used(int count) {
    // What is on its way out as it is may have been read already.
    if (count == buffer.readableBytes() || count == whole) {
      clear();
    } else {
      buffer.skipBytes(count);
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
    whole = NOTHING;
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

  /** {@inheritDoc} So until the next call for any bytes of the same loop. */
  @Override
  public byte[] array() {
    int length = buffer.readableBytes();
    byte[] array = length <= SCRATCH ? SCRATCHES.get() : new byte[length];
    buffer.getBytes(buffer.readerIndex(), array, 0, length);
    return array;
  }

  private int room() {
    return buffer.capacity() - buffer.writerIndex();
  }
}
