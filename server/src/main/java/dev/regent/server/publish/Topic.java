package dev.regent.server.publish;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last values of something, and those who want to hear of each new one without delay.
 *
 * <p>A value is handed to every sink by the thread that publishes it. That thread is the control
 * loop, so a sink must never wait: one that cannot take a value at once is dropped.
 */
public final class Topic<T> {

  /** Takes values; called by one thread at a time. */
  public interface Sink<T> {
    /** Takes the value without waiting; false if it cannot, and then it wants nothing more. */
    boolean offer(T value);

    /** False once nobody listens any more. */
    boolean alive();

    /** Called once, when the topic lets go of the sink. */
    void close();
  }

  /**
   * The remembered values of one moment, oldest first.
   *
   * @param count how many had been published by then
   */
  public record Backlog<T>(long count, List<T> values) {
    public Backlog {
      values = List.copyOf(values);
    }
  }

  private final int kept;

  /** Guards the three below, so that a new sink misses no value and gets none twice. */
  private final Object lock = new Object();

  private final Deque<T> last = new ArrayDeque<>();
  private final List<Sink<? super T>> sinks = new ArrayList<>();
  private long published;

  /**
   * @param kept how many values are remembered
   */
  public Topic(int kept) {
    this.kept = kept;
  }

  /** Hands the value to all sinks. Does not block. */
  public void publish(T value) {
    synchronized (lock) {
      if (last.size() == kept) {
        last.removeFirst();
      }
      last.addLast(value);
      published++;
      sinks.removeIf(sink -> {
        boolean gone = !sink.offer(value);
        if (gone) {
          sink.close();
        }
        return gone;
      });
    }
  }

  /** The remembered values, oldest first, at most this many. */
  public List<T> latest(int count) {
    synchronized (lock) {
      List<T> all = List.copyOf(last);
      return all.subList(Math.max(0, all.size() - count), all.size());
    }
  }

  /** Hands the sink the last values, at most this many, and then every new one. */
  public void subscribe(int count, Sink<? super T> sink) {
    synchronized (lock) {
      for (T value : latest(count)) {
        if (!sink.offer(value)) {
          sink.close();
          return;
        }
      }
      sinks.add(sink);
    }
  }

  /** At most this many; for who hands them on at his own pace before {@link #subscribeAfter}. */
  public Backlog<T> backlog(int count) {
    synchronized (lock) {
      return new Backlog<>(published, latest(count));
    }
  }

  /** Hands the sink what was published after the backlog, and then every new value. */
  public void subscribeAfter(Backlog<T> backlog, Sink<? super T> sink) {
    synchronized (lock) {
      subscribe(Math.toIntExact(Math.min(kept, published - backlog.count())), sink);
    }
  }

  public void unsubscribe(Sink<? super T> sink) {
    synchronized (lock) {
      if (sinks.remove(sink)) {
        sink.close();
      }
    }
  }

  /** Lets go of sinks that nobody listens to. */
  public void sweep() {
    synchronized (lock) {
      sinks.removeIf(sink -> {
        boolean gone = !sink.alive();
        if (gone) {
          sink.close();
        }
        return gone;
      });
    }
  }

  /** Lets go of all sinks. */
  public void close() {
    synchronized (lock) {
      sinks.forEach(Sink::close);
      sinks.clear();
    }
  }
}
