package dev.regent.bench.peer;

import dev.regent.bench.measure.ProcessMeter;
import dev.regent.bench.peer.Sysbench.Outcome;
import dev.regent.bench.peer.Sysbench.Work;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * One way to the servers.
 *
 * @param pid of the process between the clients and them; empty if there is none
 */
record Contender(String name, int port, OptionalLong pid) {
  /**
   * One run.
   *
   * @param micros processor time per query of the process between; not a number without one
   */
  record Run(double perSecond, double p99, double micros, long troubles) {}

  Run run(Sysbench sysbench, Work work, int threads, int seconds) throws IOException {
    if (pid.isEmpty()) {
      Outcome outcome = sysbench.run(work, port, threads, seconds);
      return new Run(outcome.perSecond(), outcome.p99(), Double.NaN, outcome.troubles());
    }
    ProcessMeter meter = ProcessMeter.of(pid.getAsLong());
    Outcome outcome = sysbench.run(work, port, threads, seconds);
    double micros = meter.cpuSeconds() * 1e6 / outcome.queries();
    return new Run(outcome.perSecond(), outcome.p99(), micros, outcome.troubles());
  }
}
