package dev.regent.proxy.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.BitSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps event loops on a processor each, where there are as many of both. The kernel wakes whoever
 * waits for bytes near to who sent them; as long as loops move about, it often has two of them, and
 * all that they wake, take turns on one processor.
 *
 * <p>A thread inherits where it may run from the one that starts it, and the virtual machine lets
 * any thread start others. So those of them that were started by a loop are set free from time to
 * time.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/sched_setaffinity.2.html">The kernel's
 *     call</a>
 */
final class Processors {
  private static final Logger LOG = LoggerFactory.getLogger(Processors.class);
  private static final File THREADS = new File("/proc/self/task");

  /** For as many processors as a machine may have. */
  private static final int MASK_BYTES = 8192 / Byte.SIZE;

  private static final int MYSELF = 0;

  private final BitSet all;
  private final boolean keeps;
  private final Set<Integer> kept = ConcurrentHashMap.newKeySet();

  /**
   * @param loops so many are to be kept, on the processors that the calling thread may run on
   */
  Processors(int loops) {
    all = loops > 1 ? allowed(MYSELF) : new BitSet();
    keeps = loops > 1 && all.cardinality() == loops;
  }

  /** Whether there is one for each loop, and the kernel can be told. */
  boolean keeps() {
    return keeps;
  }

  /**
   * The calling thread is a loop.
   *
   * @param place from 0, its own
   */
  void keep(int place) {
    if (keeps) {
      BitSet one = new BitSet();
      one.set(all.stream().skip(place).findFirst().orElseThrow());
      kept.add((int) call("gettid", FunctionDescriptor.of(JAVA_INT)));
      allow(MYSELF, one);
    }
  }

  /** Threads that were started by a loop may run anywhere. */
  void setOthersFree() {
    String[] threads = THREADS.list();
    for (String thread : threads == null ? new String[0] : threads) {
      int id = Integer.parseInt(thread);
      if (!kept.contains(id) && allowed(id).cardinality() == 1) {
        allow(id, all);
      }
    }
  }

  /** The processors that a thread may run on; none if nobody tells, or it has ended. */
  static BitSet allowed(int thread) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(MASK_BYTES);
      int bytes = affinity("sched_getaffinity", thread, mask);
      return bytes < 0 ? new BitSet() : BitSet.valueOf(mask.toArray(JAVA_BYTE));
    }
  }

  private static void allow(int thread, BitSet processors) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(MASK_BYTES);
      mask.copyFrom(MemorySegment.ofArray(processors.toByteArray()));
      if (affinity("sched_setaffinity", thread, mask) < 0) {
        LOG.debug("thread {} cannot be moved to {}", thread, processors);
      }
    }
  }

  private static int affinity(String name, int thread, MemorySegment mask) {
    FunctionDescriptor types = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    return (int) call(name, types, thread, (long) MASK_BYTES, mask);
  }

  /** -1 where there is no such function, as the functions themselves say of what is wrong. */
  @SuppressWarnings("restricted") // As in Netty, the kernel is called past the virtual machine.
  private static Object call(String name, FunctionDescriptor types, Object... arguments) {
    Linker linker = Linker.nativeLinker();
    var function = linker.defaultLookup().find(name);
    if (function.isEmpty()) {
      return -1;
    }
    MethodHandle handle = linker.downcallHandle(function.get(), types);
    try {
      return handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(name, e);
    }
  }
}
