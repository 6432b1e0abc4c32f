package dev.regent.sim.commit;

import dev.regent.sim.kernel.Alarm;
import dev.regent.sim.kernel.SimProcess;
import java.util.ArrayList;
import java.util.List;

/**
 * The primary's side of semi-sync, with what it lets through (ha.md 5.3, physics 4.3): one
 * acknowledgement, of anybody, is enough; switching off confirms all who wait; a count of clients
 * that nobody corrects; after the time-out plain replication without a word.
 */
public final class AckWatch {
  public static final String STATE = "Waiting for semi-sync ACK from slave";

  private static final long MILLISECOND = 1_000_000L;

  /** Longer than any world lasts: no timer is needed. */
  private static final long ENDLESS_MILLIS = 1_000_000_000L;

  private final Settings settings;
  private final Release release;
  private final SimProcess process;
  private final List<Wait> waits = new ArrayList<>();
  private boolean active = true;
  private int clients;
  private int acknowledged = -1;
  private long yes;
  private long no;

  public AckWatch(Settings settings, Release release, SimProcess process) {
    this.settings = settings;
    this.release = release;
    this.process = process;
  }

  private static final class Wait {
    private final int index;
    private final Runnable release;
    private Alarm limit = Alarm.past();

    Wait(int index, Runnable release) {
      this.index = index;
      this.release = release;
    }
  }

  // --- waiting

  /** Calls back once the log up to this entry is acknowledged, or need not be; perhaps at once. */
  Object await(int index, Runnable release) {
    Wait wait = new Wait(index, release);
    boolean pointless = clients == 0 && !settings.waitNoReplica;
    if (!settings.semiSyncPrimary || !active || pointless) {
      no++;
      release.run();
    } else if (acknowledged >= index) {
      yes++;
      release.run();
    } else {
      waits.add(wait);
      long millis = settings.semiSyncTimeoutMillis;
      if (Long.compareUnsigned(millis, ENDLESS_MILLIS) < 0) {
        wait.limit = process.after(millis * MILLISECOND, this::switchOff);
      }
    }
    return wait;
  }

  /** Somebody killed it: it waits no more. */
  void abandon(Object wait) {
    if (waits.remove(wait)) {
      Wait mine = (Wait) wait;
      mine.limit.cancel();
      no++;
      mine.release.run();
    }
  }

  private void switchOff() {
    active = false;
    releaseAll();
  }

  private void releaseAll() {
    List<Wait> all = List.copyOf(waits);
    waits.clear();
    for (Wait wait : all) {
      wait.limit.cancel();
      no++;
      wait.release.run();
    }
  }

  // --- acknowledgements

  /** A replica wrote everything up to this entry; {@code last} is the log's last one. */
  public void upTo(int index, int last) {
    acknowledged = Math.max(acknowledged, index);
    if (!active && index >= last) {
      active = true;
    }
    List<Wait> all = List.copyOf(waits);
    for (Wait wait : all) {
      if (wait.index <= index && waits.remove(wait)) {
        wait.limit.cancel();
        yes++;
        wait.release.run();
      }
    }
  }

  /** The log was cut: numbers begin again. */
  public void logEnds(int size) {
    acknowledged = Math.min(acknowledged, size - 1);
  }

  // --- clients

  /** One that has all of the log is as good as an acknowledgement of it. */
  public void joined(boolean hasAll) {
    clients++;
    if (hasAll && settings.semiSyncPrimary) {
      active = true;
    }
  }

  public void left() {
    clients--;
    if (clients == 0 && !settings.waitNoReplica && settings.semiSyncPrimary && active) {
      active = release.staysOn();
      releaseAll();
    }
  }

  /** An orderly shutdown, where nobody distinguishes it from an acknowledgement. */
  public void confirmAll() {
    releaseAll();
  }

  public void died() {
    waits.forEach(w -> w.limit.cancel());
    waits.clear();
    clients = 0;
    active = true;
  }

  // --- switching

  public void enable(boolean on) {
    if (on == settings.semiSyncPrimary) {
      return;
    }
    settings.semiSyncPrimary = on;
    if (on) {
      active = true;
    } else {
      releaseAll();
    }
  }

  public boolean active() {
    return settings.semiSyncPrimary && active;
  }

  public int clients() {
    return clients;
  }

  public int waiting() {
    return waits.size();
  }

  public long yes() {
    return yes;
  }

  public long no() {
    return no;
  }
}
