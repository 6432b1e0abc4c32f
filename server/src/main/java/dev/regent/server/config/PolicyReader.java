package dev.regent.server.config;

import dev.regent.core.model.Policy;
import dev.regent.core.model.Policy.Detection;
import dev.regent.core.model.Policy.Failover;
import dev.regent.core.model.Policy.Flapping;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.Policy.Replication;
import dev.regent.core.model.Policy.Switchover;
import java.time.Duration;

/** Reads every threshold; what is not in the file is the profile's default. */
final class PolicyReader {
  /** A probe costs a server some 50 us; below this the manager measures its own scheduling. */
  private static final Duration INTERVAL_MIN = Duration.ofMillis(10);

  private static final Duration MILLI = Duration.ofMillis(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  /** {@code MASTER_HEARTBEAT_PERIOD} and {@code MASTER_CONNECT_RETRY} take no more. */
  private static final Duration HEARTBEAT_MAX = Duration.ofSeconds(4_294_967);

  private final Document document;

  PolicyReader(Document document) {
    this.document = document;
  }

  Policy read(Profile profile) {
    Policy standard = Policy.of(profile);
    return new Policy(
        profile,
        detection(standard.detection()),
        failover(standard.failover()),
        flapping(standard.flapping()),
        replication(standard.replication()),
        switchover(standard.switchover()),
        document.section("rejoin").flag("automatic", standard.automaticRejoin()));
  }

  private Detection detection(Detection standard) {
    Section detect = document.section("detect");
    return new Detection(
        detect.duration("interval", standard.interval(), INTERVAL_MIN, MINUTE),
        detect.duration("probe_timeout", standard.probeTimeout(), INTERVAL_MIN, MINUTE),
        detect.duration("silence", standard.silence(), INTERVAL_MIN, HOUR),
        (int) detect.whole("confirmations", standard.confirmations(), 1, 100),
        document.section("failover").duration("grace", standard.grace(), Duration.ZERO, DAY),
        detect.duration("stale_after", standard.staleAfter(), INTERVAL_MIN, HOUR));
  }

  private Failover failover(Failover standard) {
    Section failover = document.section("failover");
    return new Failover(
        failover.flag("automatic", standard.automatic()),
        failover.duration("drain_budget", standard.drainBudget(), Duration.ZERO, DAY),
        failover.choice("on_drain_timeout", standard.onDrainTimeout()),
        failover.duration("relax_above", standard.relaxAbove(), Duration.ZERO, DAY),
        failover.seconds("lag_bound", standard.lagBoundSeconds(), 0, DAY.toSeconds()),
        document.section("events").choice("failover", standard.actor()));
  }

  private Flapping flapping(Flapping standard) {
    Section flapping = document.section("flapping");
    return new Flapping(
        (int) flapping.whole("limit", standard.limit(), 1, 100),
        flapping.duration("window", standard.window(), MINUTE, Duration.ofDays(30)),
        flapping.duration("cool_down", standard.coolDown(), Duration.ZERO, DAY));
  }

  private Replication replication(Replication standard) {
    Section replication = document.section("replication");
    return new Replication(
        replication.duration("heartbeat", standard.heartbeat(), Duration.ZERO, HEARTBEAT_MAX),
        (int) replication.seconds("connect_retry", standard.connectRetrySeconds(), 1, 3600),
        replication.duration("semi_sync_timeout", standard.semiSyncTimeout(), MILLI, HOUR),
        replication.flag("manage_semi_sync", standard.manageSemiSync()));
  }

  private Switchover switchover(Switchover standard) {
    Section switchover = document.section("switchover");
    return new Switchover(
        switchover.duration("freeze", standard.freeze(), MILLI, MINUTE),
        switchover.duration("catch_up", standard.catchUp(), MILLI, HOUR),
        switchover.seconds("lag_max", standard.lagMaxSeconds(), 0, HOUR.toSeconds()),
        switchover.duration("long_transaction", standard.longTransaction(), MILLI, DAY));
  }
}
