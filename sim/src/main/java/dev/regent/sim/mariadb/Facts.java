package dev.regent.sim.mariadb;

import dev.regent.core.model.Channel;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerFacts.BinaryLog;
import dev.regent.core.model.ServerFacts.SemiSyncStatus;
import dev.regent.sim.commit.AckWatch;
import dev.regent.sim.commit.Settings;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.replication.ReplicaChannel;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What a server tells about itself, one statement at a time. */
public final class Facts {
  private final SimServer server;
  private final Settings settings;

  Facts(SimServer server) {
    this.server = server;
    this.settings = server.settings();
  }

  /** {@code SHOW ALL SLAVES STATUS}. */
  public List<Channel> channels() {
    return server.channels().stream()
        .map(ReplicaChannel::status)
        .sorted(Comparator.comparing(Channel::name))
        .toList();
  }

  /** {@code Uptime}. */
  public long uptimeSeconds() {
    return (server.now() - server.startedAt()) / Kernel.SECOND;
  }

  /** {@code SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_master%'}. */
  public SemiSyncStatus semiSyncStatus() {
    AckWatch acks = server.acks();
    return new SemiSyncStatus(
        acks.active(), acks.clients(), acks.waiting(), acks.yes(), acks.no(), false);
  }

  /** {@code Rpl_semi_sync_slave_status}. */
  public boolean acknowledging() {
    return server.channels().stream().anyMatch(c -> c.receiver().acknowledging());
  }

  public boolean readOnly() {
    return server.readOnly();
  }

  public boolean semiSyncPrimary() {
    return settings.semiSyncPrimary;
  }

  public ServerFacts.SemiSync semiSync() {
    return settings.semiSync();
  }

  public ServerFacts.Durability durability() {
    return settings.durability();
  }

  public boolean strict() {
    return settings.strict;
  }

  public boolean eventScheduler() {
    return settings.eventScheduler;
  }

  public long netTimeoutSeconds() {
    return settings.netTimeoutSeconds;
  }

  public String parallelMode() {
    return settings.parallelMode;
  }

  public GtidPosition binlogPosition() {
    return server.log().position();
  }

  /** {@code BINLOG_GTID_POS}. */
  public Optional<GtidPosition> loggedUpTo(String file, long place) {
    return server.log().upTo(file, place);
  }

  public GtidState binlogState() {
    return server.log().state();
  }

  public GtidPosition replicated() {
    return server.engine().replicated();
  }

  /** Sessions that wait for an acknowledgement, by the number of their statement. */
  public List<Long> waitingStatements() {
    return server.sessions().stream()
        .filter(Session::waitsForAcknowledgement)
        .map(Session::statement)
        .toList();
  }

  /** What is asked seldom, or elsewhere, and told with the rest. */
  public record Extras(
      long startedMillis, Optional<SemiSyncStatus> semiSync, Optional<String> cannotWrite) {}

  /** The variables of a probe, with what was read before or elsewhere. */
  public ServerFacts all(List<Channel> channels, Extras extras) {
    return new ServerFacts(
        server.serverId(),
        server.release().version(),
        extras.startedMillis(),
        readOnly(),
        new BinaryLog(
            server.file().binaryLog(),
            server.file().logsUpdates(),
            settings.strict,
            server.file().format(),
            "FULL"),
        binlogPosition(),
        binlogState(),
        replicated(),
        settings.semiSync(),
        settings.durability(),
        settings.eventScheduler,
        settings.parallelThreads,
        channels,
        extras.semiSync(),
        extras.cannotWrite());
  }
}
