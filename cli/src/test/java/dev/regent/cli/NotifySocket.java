package dev.regent.cli;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The end of systemd's to which a service says how it is: a Unix datagram socket. */
@SuppressWarnings("restricted") // The JDK has no such sockets; the C library has.
final class NotifySocket implements AutoCloseable {
  private static final short AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int FAMILY_BYTES = 2;
  private static final int MESSAGE_MAX = 4096;
  private static final short POLLIN = 1;
  private static final int PATIENCE_MILLIS = 60_000;

  private final Arena arena = Arena.ofShared();
  private final int descriptor;

  NotifySocket(Path path) throws Throwable {
    descriptor =
        (int) function("socket", JAVA_INT, JAVA_INT, JAVA_INT).invoke((int) AF_UNIX, SOCK_DGRAM, 0);
    byte[] name = (path + "\0").getBytes(StandardCharsets.UTF_8);
    MemorySegment address = arena.allocate(FAMILY_BYTES + name.length);
    address.set(JAVA_SHORT, 0, AF_UNIX);
    MemorySegment.copy(name, 0, address, JAVA_BYTE, FAMILY_BYTES, name.length);
    int bound =
        (int)
            function("bind", JAVA_INT, ADDRESS, JAVA_INT)
                .invoke(descriptor, address, FAMILY_BYTES + name.length);
    if (bound != 0) {
      throw new IllegalStateException("cannot bind " + path);
    }
  }

  /** Waits for the next message, and not for ever: nothing else could end the wait. */
  String next() throws Throwable {
    MemorySegment wanted = arena.allocate(8, 4);
    wanted.set(JAVA_INT, 0, descriptor);
    wanted.set(JAVA_SHORT, 4, POLLIN);
    int ready =
        (int)
            Linker.nativeLinker()
                .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("poll"),
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT))
                .invoke(wanted, 1L, PATIENCE_MILLIS);
    if (ready != 1) {
      throw new IllegalStateException("no message came");
    }
    MemorySegment buffer = arena.allocate(MESSAGE_MAX);
    long length =
        (long)
            Linker.nativeLinker()
                .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("recv"),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT))
                .invoke(descriptor, buffer, (long) MESSAGE_MAX, 0);
    return new String(
        buffer.asSlice(0, Math.max(0, length)).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private static MethodHandle function(String name, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  @Override
  public void close() {
    try {
      function("close", JAVA_INT).invoke(descriptor);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    arena.close();
  }
}
