package dev.regent.lab.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Makes sockets that belong to a network namespace, for use by this process, which itself stays
 * where it is.
 *
 * <p>A socket belongs for ever to the namespace of the thread that made it, and a thread can change
 * its own (setns(2)). So a thread is started for each socket, changes over, makes it and ends: no
 * other thread is affected, and nothing keeps the namespace from being removed but the socket. Java
 * has no way to call setns, hence the foreign function; the JVM wants {@code
 * --enable-native-access} for it, or warns.
 */
final class Sockets {
  /** From sched.h: a network namespace is what the descriptor must be of. */
  private static final int CLONE_NEWNET = 0x40000000;

  /** From fcntl.h, the same on all machines that Linux runs on: O_RDONLY | O_CLOEXEC. */
  private static final int READ_AND_CLOSE_ON_EXEC = 0x80000;

  interface Maker<T> {
    T make() throws IOException;
  }

  private Sockets() {}

  /** A socket, not connected. */
  static Socket socket(Path namespace) throws IOException {
    return inside(
        namespace,
        () -> {
          Socket socket = new Socket();
          // Until an option is set there is no socket in the kernel yet.
          socket.setTcpNoDelay(true);
          return socket;
        });
  }

  /** A socket that listens at this address. */
  static ServerSocket listener(Path namespace, InetSocketAddress address, int backlog)
      throws IOException {
    return inside(
        namespace,
        () -> {
          ServerSocket socket = new ServerSocket();
          socket.setReuseAddress(true);
          try {
            socket.bind(address, backlog);
            return socket;
          } catch (IOException e) {
            socket.close();
            throw e;
          }
        });
  }

  static <T> T inside(Path namespace, Maker<T> maker) throws IOException {
    CompletableFuture<T> made = new CompletableFuture<>();
    // A platform thread: a virtual one would change its carrier, and with it who comes next.
    Thread.ofPlatform()
        .daemon()
        .name("socket-maker")
        .start(() -> {
          try {
            Native.enter(namespace);
            made.complete(maker.make());
          } catch (IOException | RuntimeException | LinkageError e) {
            made.completeExceptionally(e);
          }
        });
    try {
      return made.join();
    } catch (CompletionException e) {
      throw new IOException(
          "no socket in namespace %s: %s".formatted(namespace.getFileName(), e.getCause()), e);
    }
  }

  /** The three calls of the C library, with errno. Not loaded before it is needed. */
  private static final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
    private static final MethodHandle OPEN =
        function(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle SETNS =
        function(
            "setns",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
        function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private Native() {}

    @SuppressWarnings("restricted") // the one place that needs it: see the class comment
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
      return LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow(name),
          descriptor,
          Linker.Option.captureCallState("errno"));
    }

    /** Moves the calling thread into the namespace that this file stands for. */
    static void enter(Path file) throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(STATE);
        MemorySegment path = arena.allocateFrom(file.toString());
        int descriptor = check((int) OPEN.invokeExact(state, path, READ_AND_CLOSE_ON_EXEC), state);
        try {
          check((int) SETNS.invokeExact(state, descriptor, CLONE_NEWNET), state);
        } finally {
          int ignored = (int) CLOSE.invokeExact(state, descriptor);
        }
      } catch (IOException | RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) { // tidy: catch-all because invokeExact declares it
        throw new IllegalStateException(e);
      }
    }

    private static int check(int result, MemorySegment state) throws IOException {
      if (result < 0) {
        throw new IOException("errno " + (int) ERRNO.get(state, 0L));
      }
      return result;
    }
  }
}
