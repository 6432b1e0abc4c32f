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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Can keep event loops on a processor each, where there are as many of both. The kernel wakes
 * whoever waits for bytes near to who sent them; as long as loops move about, it often has two of
 * them, and all that they wake, take turns on one processor.
 *
 * <p>A thread inherits where it may run from the one that starts it, and the virtual machine lets
 * any thread start others. So those of them that were started by a loop have to be set free.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/sched_setaffinity.2.html">The kernel's
 *     call</a>
 */
final class Processors {
  private static final Logger LOG = LoggerFactory.getLogger(Processors.class);
  private static final File THREADS = new File("/proc/self/task");

  /** For as many processors as a machine may have. */
  private static final int MASK_BYTES = 8192 / Byte.SIZE;

  /** How often others are looked for: each may start one more before it is found. */
  private static final int LOOKS_MAX = 8;

  /** So often in a row nobody is found: while a thread ends, the list may lack another one. */
  private static final int CLEAN = 2;

  private static final int MYSELF = 0;
  private static final int NOTHING = -1;

  /** The loops of all proxies of this process, by their numbers as the kernel's threads. */
  private static final Set<Integer> LOOPS = ConcurrentHashMap.newKeySet();

  private final BitSet all;
  private final boolean enough;

  /** Our own ones, and which processor of all is whose. */
  private final Map<Integer, Integer> places = new ConcurrentHashMap<>();

  /**
   * @param loops so many are to be kept, on the processors that the calling thread may run on
   */
  Processors(int loops) {
    all = loops > 1 ? allowed(MYSELF) : new BitSet();
    // Where the kernel tells, it may still not be told: asked for what is so already.
    enough = loops > 1 && all.cardinality() == loops && allow(MYSELF, all);
  }

  /** Whether there is one for each loop, and the kernel can be told; otherwise nothing is done. */
  boolean enough() {
    return enough;
  }

  /**
   * The calling thread is a loop until its work ends.
   *
   * @param place from 0, its own
   */
  void run(int place, Runnable loop) {
    int thread = enough ? Kernel.thread() : NOTHING;
    if (thread != NOTHING) {
      LOOPS.add(thread);
      places.put(thread, place);
    }
    try {
      loop.run();
    } finally {
      places.remove(thread);
      LOOPS.remove(thread);
    }
  }

  /** Each loop stays on its processor from now on. */
  void keep() {
    places.forEach((thread, place) -> {
      BitSet one = new BitSet();
      one.set(all.stream().skip(place).findFirst().orElseThrow());
      allow(thread, one);
    });
  }

  /** Each loop may run anywhere. */
  void release() {
    places.keySet().forEach(thread -> allow(thread, all));
  }

  /** Threads that were started by a loop may run anywhere. */
  void setOthersFree() {
    int clean = 0;
    for (int look = 0; enough && look < LOOKS_MAX && clean < CLEAN; look++) {
      clean = setSomeFree() ? 0 : clean + 1;
    }
  }

  private boolean setSomeFree() {
    boolean found = false;
    String[] threads = THREADS.list();
    for (String thread : threads == null ? new String[0] : threads) {
      int id = Integer.parseInt(thread);
      if (!LOOPS.contains(id) && allowed(id).cardinality() == 1) {
        found |= allow(id, all);
      }
    }
    return found;
  }

  /** The processors that a thread may run on; none if nobody tells, or it has ended. */
  static BitSet allowed(int thread) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(MASK_BYTES);
      return Kernel.get(thread, mask) == NOTHING
          ? new BitSet()
          : BitSet.valueOf(mask.toArray(JAVA_BYTE));
    }
  }

  private static boolean allow(int thread, BitSet processors) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(MASK_BYTES);
      mask.copyFrom(MemorySegment.ofArray(processors.toByteArray()));
      boolean done = Kernel.set(thread, mask) != NOTHING;
      if (!done) {
        LOG.debug("thread {} cannot be moved to {}", thread, processors);
      }
      return done;
    }
  }

  /** The calls of the C library; each answers {@link #NOTHING} where it is not to be had. */
  private static final class Kernel {
    private static final FunctionDescriptor AFFINITY =
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final Optional<MethodHandle> THREAD =
        function("gettid", FunctionDescriptor.of(JAVA_INT));
    private static final Optional<MethodHandle> GET = function("sched_getaffinity", AFFINITY);
    private static final Optional<MethodHandle> SET = function("sched_setaffinity", AFFINITY);

    private Kernel() {}

    @SuppressWarnings("restricted") // As in Netty, the kernel is called past the virtual machine.
    private static Optional<MethodHandle> function(String name, FunctionDescriptor types) {
      try {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup().find(name).map(f -> linker.downcallHandle(f, types));
      } catch (UnsupportedOperationException | IllegalCallerException e) {
        LOG.debug("{} cannot be called", name, e);
        return Optional.empty();
      }
    }

    static int thread() {
      try {
        return THREAD.isPresent() ? (int) THREAD.get().invokeExact() : NOTHING;
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) { // tidy: catch-all because invokeExact declares it
        throw new IllegalStateException(e);
      }
    }

    /** Without the other two, no loop would be known again: then nobody is told where to run. */
    static int get(int thread, MemorySegment mask) {
      return THREAD.isPresent() && GET.isPresent() ? call(GET.get(), thread, mask) : NOTHING;
    }

    static int set(int thread, MemorySegment mask) {
      return SET.isPresent() ? call(SET.get(), thread, mask) : NOTHING;
    }

    private static int call(MethodHandle affinity, int thread, MemorySegment mask) {
      try {
        return (int) affinity.invokeExact(thread, (long) MASK_BYTES, mask);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) { // tidy: catch-all because invokeExact declares it
        throw new IllegalStateException(e);
      }
    }
  }
}
