package dev.regent.lab.install;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Copies the part of an executable that the kernel loads.
 *
 * <p>The published servers carry 270 MB of symbols behind 30 MB of program. The loader reads only
 * the program headers and the segments they name; the sections, which come after the last segment,
 * serve debuggers. So we copy up to the end of the last PT_LOAD segment and set the section fields
 * of the header to "none". Field offsets: System V ABI, "Elf64_Ehdr" and "Elf64_Phdr".
 */
final class ElfImage {
  /** Headers of real programs fit easily; a larger table means that this is no such file. */
  private static final int HEAD_MAX = 64 * 1024;

  private static final int HEADER_SIZE = 64;
  private static final int PROGRAM_HEADER_SIZE = 56;
  private static final int PT_LOAD = 1;

  private ElfImage() {}

  /** Copies {@code in} to {@code out}, trimmed if it is a 64-bit little-endian ELF file. */
  static void copyLoadable(InputStream in, OutputStream out) throws IOException {
    byte[] start = in.readNBytes(HEADER_SIZE);
    if (!isElf64LittleEndian(start)) {
      out.write(start);
      in.transferTo(out);
      return;
    }
    byte[] head = Arrays.copyOf(start, headSize(view(start)));
    int wanted = head.length - HEADER_SIZE;
    if (in.readNBytes(head, HEADER_SIZE, wanted) != wanted) {
      throw new EOFException("ELF file ends inside its program headers");
    }
    long end = loadEnd(view(head));
    forgetSections(view(head));
    int headBytes = (int) Math.min(head.length, end);
    out.write(head, 0, headBytes);
    copyExactly(in, out, end - headBytes);
  }

  private static boolean isElf64LittleEndian(byte[] start) {
    return start.length == HEADER_SIZE
        && start[0] == 0x7f
        && start[1] == 'E'
        && start[2] == 'L'
        && start[3] == 'F'
        && start[4] == 2
        && start[5] == 1;
  }

  private static ByteBuffer view(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int headSize(ByteBuffer header) throws IOException {
    long size = header.getLong(0x20) + (long) PROGRAM_HEADER_SIZE * header.getShort(0x38);
    if (header.getShort(0x36) != PROGRAM_HEADER_SIZE || size < HEADER_SIZE || size > HEAD_MAX) {
      throw new IOException("ELF file with unusable program headers, their end at " + size);
    }
    return (int) size;
  }

  private static long loadEnd(ByteBuffer head) throws IOException {
    int at = (int) head.getLong(0x20);
    int count = head.getShort(0x38);
    long end = 0;
    for (int i = 0; i < count; i++, at += PROGRAM_HEADER_SIZE) {
      if (head.getInt(at) == PT_LOAD) {
        end = Math.max(end, head.getLong(at + 0x08) + head.getLong(at + 0x20));
      }
    }
    if (end < HEADER_SIZE) {
      throw new IOException("ELF file without a loadable segment");
    }
    return end;
  }

  private static void forgetSections(ByteBuffer head) {
    head.putLong(0x28, 0);
    head.putShort(0x3c, (short) 0);
    head.putShort(0x3e, (short) 0);
  }

  private static void copyExactly(InputStream in, OutputStream out, long count) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long left = count;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException("ELF file ends " + left + " bytes before its last segment");
      }
      out.write(buffer, 0, read);
      left -= read;
    }
  }
}
