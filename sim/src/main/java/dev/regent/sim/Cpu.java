package dev.regent.sim;

import java.lang.management.ManagementFactory;

/** What the processor did for this thread: other programs on the machine do not count. */
final class Cpu {
  private Cpu() {}

  static long nanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
