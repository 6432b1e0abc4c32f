package dev.regent.bench.cost;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Observation;
import dev.regent.core.model.ServerId;
import dev.regent.lab.arena.Arena;
import dev.regent.lab.arena.Waiting;
import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.measure.Sample;
import dev.regent.server.connect.Account;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Tls;
import dev.regent.server.observe.Sentinel;
import dev.regent.server.observe.ServerWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** How long the daemon's own probe takes, run by this process. */
final class ProbeTimes {
  private static final Duration INTERVAL = Duration.ofMillis(20);
  private static final int PROBES = 300;

  /** The first ones open connections and run before anything is compiled. */
  private static final int SKIPPED = 100;

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private ProbeTimes() {}

  /** In microseconds. */
  static Sample measure(Arena arena) throws IOException {
    LabServer server = arena.others().getFirst();
    Accounts.Account regent = arena.cluster().accounts().regent();
    Dialer dialer =
        new Dialer(
            new Endpoint("127.0.0.1", server.port()),
            new Account(regent.user(), regent.password()),
            Tls.OFF);
    List<Double> micros = new CopyOnWriteArrayList<>();
    ServerId id = new ServerId(server.name());
    try (Sentinel sentinel = new Sentinel(id, dialer, () -> {});
        ServerWatch watch =
            new ServerWatch(
                id,
                dialer,
                new ServerWatch.Rhythm(INTERVAL, Duration.ofSeconds(1)),
                sentinel,
                null,
                o -> {
                  if (o instanceof Observation.Seen seen) {
                    micros.add(seen.took().toNanos() / 1e3);
                  }
                })) {
      watch.start();
      Waiting.until(LIMIT, Duration.ofMillis(50), () -> micros.size() >= PROBES);
    }
    return new Sample(List.copyOf(micros).subList(Math.min(SKIPPED, micros.size()), micros.size()));
  }
}
