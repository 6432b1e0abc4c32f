package dev.regent.sim.storage;

import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A replica's relay log: what one connection received, in order, and how far it is applied. Each
 * connection to a source begins a new file, and the one before it is deleted when it is applied.
 * They bear one name, as if they were one, until somebody purges them; an event is as long as any
 * other.
 */
public final class RelayLog {
  /** The first event of a file. */
  private static final long FIRST = 4;

  private static final long EVENT = 100;

  /**
   * One received transaction.
   *
   * @param own written by this very server: only its position is taken, silently (physics 5.3)
   */
  public record Event(Transaction transaction, boolean own) {}

  /**
   * Of one connection to a source.
   *
   * @param before what was received before, as the source says at its beginning
   */
  private record File(int begin, GtidPosition before) {}

  /** Where a transaction begins, and what is wrong with going on there. */
  public record Place(String file, long position, Optional<String> gap) {}

  private final String name;
  private final List<Event> events = new ArrayList<>();
  private final Heads received = new Heads();
  private int file = 1;

  /** The next one that the applier takes; those before {@code done} are executed. */
  private int next;

  private int done;

  /** The place in the server's note on the disk, where a crash leads back to. */
  private int noted;

  /** The first file that is there; those before it are deleted. */
  private File first = new File(0, GtidPosition.EMPTY);

  private final Deque<File> later = new ArrayDeque<>();

  private boolean torn;

  public RelayLog(String channel) {
    this.name = channel.isEmpty() ? "relay-bin" : "relay-bin-" + channel;
  }

  // --- receiving

  public void append(Event event) {
    events.add(event);
    received.put(event.transaction().gtid());
  }

  /** {@code Gtid_IO_Pos}. */
  public GtidPosition received() {
    return received.position();
  }

  public void receivedIs(GtidPosition position) {
    received.set(position);
  }

  /** What lies in it, applied or not. */
  public List<Gtid> gtids() {
    return there().stream().map(event -> event.transaction().gtid()).toList();
  }

  // --- applying

  public @Nullable Event peek() {
    return next < events.size() ? events.get(next) : null;
  }

  /** The applier takes it. */
  public void take() {
    next++;
  }

  /** One that was taken was not executed after all. */
  public void back() {
    next--;
  }

  /** One that was taken is executed, or passed over. */
  public void executed() {
    done++;
    deleteApplied();
  }

  /**
   * A new file begins.
   *
   * @param before what was received before, if the source is asked by position
   */
  public void newFile(GtidPosition before) {
    note();
    later.add(new File(events.size(), before));
    deleteApplied();
  }

  /** The applier goes on to the next file, and that is noted. */
  private void deleteApplied() {
    while (!later.isEmpty() && done >= later.getFirst().begin()) {
      first = later.removeFirst();
      noted = Math.max(noted, first.begin());
    }
  }

  /**
   * The note of how far the log is applied is brought up to date: at starts and stops of the
   * applier, and when a new file begins; outside GTID mode with every transaction.
   */
  public void note() {
    noted = done;
  }

  /** Transactions received and not applied. */
  public int backlog() {
    return events.size() - done;
  }

  public List<Event> unapplied() {
    return List.copyOf(events.subList(done, events.size()));
  }

  /** The last transaction of each domain, and what was received before. */
  public GtidPosition held() {
    Heads held = new Heads(first.before());
    gtids().forEach(held::put);
    return held.position();
  }

  private List<Event> there() {
    return events.subList(first.begin(), events.size());
  }

  /** Whether its last transaction was cut short by a crash; nobody acknowledged that one. */
  public boolean torn() {
    return torn;
  }

  // --- places

  public String fileName() {
    return name + "." + String.format(Locale.ROOT, "%06d", file);
  }

  public long position() {
    return position(done);
  }

  public long end() {
    return position(events.size());
  }

  private static long position(int index) {
    return FIRST + EVENT * index;
  }

  /** {@code RELAY_LOG_FILE, RELAY_LOG_POS}; false if there is no such place. */
  public boolean seek(String fileName, long position) {
    long index = (position - FIRST) / EVENT;
    if (!fileName.equals(fileName()) || index < first.begin() || index > events.size()) {
      return false;
    }
    next = (int) index;
    done = next;
    noted = next;
    return true;
  }

  /**
   * The first transaction that was not executed: from the noted place on, and while nobody knows
   * what was received (after a restart) from the beginning, before which others may be missing.
   */
  public Optional<Place> firstUnapplied(GtidPosition applied) {
    boolean forgot = received().isEmpty();
    if (forgot && !applied.covers(first.before())) {
      String gap =
          "it goes on after [" + first.before() + "], but only " + applied + " was executed";
      return Optional.of(new Place(fileName(), position(first.begin()), Optional.of(gap)));
    }
    Heads executed = new Heads();
    for (int i = forgot ? first.begin() : done; i < events.size(); i++) {
      Gtid gtid = events.get(i).transaction().gtid();
      long last = applied.sequence(gtid.domain());
      if (last < gtid.sequence()) {
        boolean joins = gtid.sequence() == last + 1 || executed.sequence(gtid.domain()) == last;
        return Optional.of(
            new Place(
                fileName(),
                position(i),
                joins
                    ? Optional.empty()
                    : Optional.of(
                        "it goes on with " + gtid + ", but only " + applied + " was executed")));
      }
      executed.put(gtid);
    }
    return Optional.empty();
  }

  // --- loss

  /** Deleted, as {@code CHANGE MASTER} does, and a start of stopped threads in GTID mode. */
  public void purge() {
    events.clear();
    later.clear();
    first = new File(0, GtidPosition.EMPTY);
    next = 0;
    done = 0;
    noted = 0;
    torn = false;
    file++;
  }

  /**
   * The process crashed: nobody knows what was received until somebody reads the log, and the note
   * of what is applied lies behind. {@code lost}: so many events at the end were not synced.
   */
  public void crash(int lost, boolean tornEnd) {
    int keep = Math.max(Math.min(noted, events.size()), events.size() - lost);
    while (events.size() > keep) {
      events.removeLast();
    }
    done = noted;
    next = done;
    torn = tornEnd;
    // No file can begin behind the end.
    later.removeIf(file -> file.begin() > keep);
    received.set(GtidPosition.EMPTY);
  }
}
