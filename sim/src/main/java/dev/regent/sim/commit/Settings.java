package dev.regent.sim.commit;

import dev.regent.core.model.ServerFacts.Durability;
import dev.regent.core.model.ServerFacts.SemiSync;

/** A server's global variables, those that matter here. */
public final class Settings {
  private static final long SECOND = 1_000_000_000L;

  public boolean strict;
  public boolean semiSyncPrimary;
  public boolean semiSyncReplica;
  public long semiSyncTimeoutMillis;
  public String waitPoint;
  public boolean waitNoReplica;
  public long killTimeoutSeconds;
  public long netTimeoutSeconds;
  public long syncBinlog;
  public long flushLog;
  public boolean relayLogPurge;
  public boolean eventScheduler;
  public String parallelMode;
  public int parallelThreads;
  public int connectionsMax;

  public Settings(StartFile file) {
    strict = file.strict();
    semiSyncReplica = file.semiSyncReplica();
    semiSyncTimeoutMillis = 10_000;
    waitPoint = "AFTER_COMMIT";
    waitNoReplica = true;
    killTimeoutSeconds = 5;
    netTimeoutSeconds = file.netTimeout() / SECOND;
    syncBinlog = 1;
    flushLog = 1;
    relayLogPurge = true;
    parallelMode = "optimistic";
    parallelThreads = file.parallelThreads();
    connectionsMax = file.connectionsMax();
  }

  /** As these are. */
  public void take(Settings other) {
    strict = other.strict;
    semiSyncPrimary = other.semiSyncPrimary;
    semiSyncReplica = other.semiSyncReplica;
    semiSyncTimeoutMillis = other.semiSyncTimeoutMillis;
    waitPoint = other.waitPoint;
    waitNoReplica = other.waitNoReplica;
    killTimeoutSeconds = other.killTimeoutSeconds;
    netTimeoutSeconds = other.netTimeoutSeconds;
    syncBinlog = other.syncBinlog;
    flushLog = other.flushLog;
    relayLogPurge = other.relayLogPurge;
    eventScheduler = other.eventScheduler;
    parallelMode = other.parallelMode;
    parallelThreads = other.parallelThreads;
    connectionsMax = other.connectionsMax;
  }

  public SemiSync semiSync() {
    return new SemiSync(
        semiSyncPrimary, semiSyncReplica, semiSyncTimeoutMillis, waitPoint, waitNoReplica);
  }

  public Durability durability() {
    return new Durability(syncBinlog, flushLog);
  }

  boolean afterSync() {
    return waitPoint.equals("AFTER_SYNC");
  }
}
