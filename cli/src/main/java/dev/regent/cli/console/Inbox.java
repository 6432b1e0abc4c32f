package dev.regent.cli.console;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What has happened and was not reacted to yet. Who does an act tells it here and never waits: a
 * terminal that takes nothing must not stop a role change half-way.
 */
final class Inbox {
  /** A slow terminal must not let news pile up. */
  static final int HAPPENINGS_MAX = 1000;

  private final BlockingQueue<Happening> happenings = new LinkedBlockingQueue<>(HAPPENINGS_MAX);

  /** Looks that nobody has seen leave room for what is told only once. */
  void post(Happening happening) {
    switch (happening) {
      case Happening.Seen h -> postIfIdle(h);
      case Happening.Lost h -> postIfIdle(h);
      case Happening.Tick h -> postIfIdle(h);
      case Happening.Told h -> happenings.offer(h);
      case Happening.Progress h -> happenings.offer(h);
      case Happening.Forgotten h -> put(h);
      case Happening.Planned h -> put(h);
      case Happening.Ended h -> put(h);
      case Happening.Pressed h -> put(h);
      case Happening.Gone h -> put(h);
    }
  }

  private void postIfIdle(Happening happening) {
    if (happenings.remainingCapacity() > HAPPENINGS_MAX / 2) {
      happenings.offer(happening);
    }
  }

  private void put(Happening happening) {
    try {
      happenings.put(happening);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Empty if nothing happens in that time. */
  Optional<Happening> next(long millis) throws InterruptedException {
    return Optional.ofNullable(happenings.poll(millis, TimeUnit.MILLISECONDS));
  }
}
