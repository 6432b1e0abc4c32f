package dev.regent.server.doctor;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ServerId;
import dev.regent.server.checkup.Checkup;
import dev.regent.server.checkup.Facts;
import dev.regent.server.checkup.Ward;
import dev.regent.server.config.Config;
import dev.regent.server.connect.Account;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import java.time.Duration;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;

/**
 * Examines all servers of a cluster at the same time, over connections of its own; no daemon is
 * needed, and none is disturbed. A server that does not answer in time is a finding.
 */
public final class Doctor {
  /** A server that needs longer for a handful of questions is ill. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final ThreadFactory THREADS = Thread.ofVirtual().name("doctor-", 0).factory();

  private final Config config;
  private final Duration patience;

  public Doctor(Config config, Duration patience) {
    this.config = config;
    this.patience = patience;
  }

  Config config() {
    return config;
  }

  /** Looks at everything and changes nothing. */
  public Report examine() {
    Account admin = config.admin().account();
    Examiner.Asked asked = new Examiner.Asked(config.replication().user(), tokenTables());
    SortedMap<ServerId, Facts> facts = new ConcurrentSkipListMap<>();
    SortedMap<ServerId, String> silent = new ConcurrentSkipListMap<>();
    each((server, deadline) -> {
      Dialer dialer = Dialer.reading(server.address(), admin, config.tls());
      try (Link link = dialer.dial(deadline)) {
        facts.put(server.id(), Examiner.read(link, deadline, asked));
      } catch (LinkException e) {
        silent.put(server.id(), e.kind().name().toLowerCase(Locale.ROOT) + ": " + e.getMessage());
      } catch (IllegalArgumentException e) {
        silent.put(server.id(), server.address() + " is not understood: " + e.getMessage());
      }
    });
    Ward ward = new Ward(config.spec(), asked.replicationUser(), asked.tokenTables(), facts);
    return new Report(ward, new TreeMap<>(silent), Checkup.findings(ward, silent));
  }

  private NavigableSet<String> tokenTables() {
    NavigableSet<String> tables = new TreeSet<>();
    config
        .front()
        .ifPresent(front -> front.listeners().forEach(l -> l.commitToken().ifPresent(tables::add)));
    return tables;
  }

  /** All servers at the same time; each ends at its deadline. */
  private void each(BiConsumer<ClusterSpec.Server, Deadline> visit) {
    Deadline deadline = Deadline.after(patience);
    try (ExecutorService all = Executors.newThreadPerTaskExecutor(THREADS)) {
      config.spec().servers().forEach(s -> all.execute(() -> visit.accept(s, deadline)));
    }
  }
}
