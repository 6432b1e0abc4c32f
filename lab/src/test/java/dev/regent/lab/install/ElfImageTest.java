package dev.regent.lab.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ElfImageTest {
  private static final int LOAD = 1;
  private static final int NOTE = 4;

  @Test
  void keepsUpToTheEndOfTheLastLoadedSegment() throws IOException {
    byte[] program = program(5000, segment(LOAD, 0, 300), segment(LOAD, 1000, 500));

    byte[] copy = copy(program);

    assertThat(copy).hasSize(1500);
    assertThat(Arrays.copyOfRange(copy, 64, 1500)).isEqualTo(Arrays.copyOfRange(program, 64, 1500));
  }

  @Test
  void saysThatThereAreNoSections() throws IOException {
    ByteBuffer copy = view(copy(program(5000, segment(LOAD, 0, 300))));

    assertThat(copy.getLong(0x28)).isZero();
    assertThat(copy.getShort(0x3c)).isZero();
    assertThat(copy.getShort(0x3e)).isZero();
    assertThat(copy.getShort(0x38)).isEqualTo((short) 1);
  }

  @Test
  void segmentsThatAreNotLoadedDoNotCount() throws IOException {
    assertThat(copy(program(5000, segment(LOAD, 0, 300), segment(NOTE, 2000, 100)))).hasSize(300);
  }

  @Test
  void otherFilesAreCopiedWhole() throws IOException {
    byte[] text = "#!/bin/sh\n".repeat(100).getBytes(StandardCharsets.UTF_8);
    assertThat(copy(text)).isEqualTo(text);
    assertThat(copy(new byte[0])).isEmpty();
    assertThat(copy(new byte[] {0x7f, 'E', 'L', 'F'})).hasSize(4);
  }

  @Test
  void damagedProgramsAreRefused() {
    byte[] cut = Arrays.copyOf(program(5000, segment(LOAD, 1000, 500)), 1200);
    assertThatThrownBy(() -> copy(cut))
        .isInstanceOf(EOFException.class)
        .hasMessageContaining("300");
    assertThatThrownBy(() -> copy(program(500, segment(NOTE, 0, 100))))
        .hasMessageContaining("without a loadable segment");
    byte[] wild = program(500, segment(LOAD, 0, 100));
    view(wild).putLong(0x20, 1L << 40);
    assertThatThrownBy(() -> copy(wild)).hasMessageContaining("unusable program headers");
  }

  private static byte[] copy(byte[] file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ElfImage.copyLoadable(new ByteArrayInputStream(file), out);
    return out.toByteArray();
  }

  private static byte[] program(int size, long[]... segments) {
    byte[] bytes = new byte[size];
    for (int i = 64; i < size; i++) {
      bytes[i] = (byte) (i * 31);
    }
    ByteBuffer elf = view(bytes);
    elf.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    elf.putLong(0x20, 64).putLong(0x28, size - 64);
    elf.putShort(0x36, (short) 56).putShort(0x38, (short) segments.length);
    elf.putShort(0x3c, (short) 43).putShort(0x3e, (short) 40);
    for (int i = 0; i < segments.length; i++) {
      int at = 64 + 56 * i;
      elf.putInt(at, (int) segments[i][0]);
      elf.putLong(at + 8, segments[i][1]).putLong(at + 0x20, segments[i][2]);
    }
    return bytes;
  }

  private static long[] segment(int type, long offset, long size) {
    return new long[] {type, offset, size};
  }

  private static ByteBuffer view(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
