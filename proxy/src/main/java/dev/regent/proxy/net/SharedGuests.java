package dev.regent.proxy.net;

import dev.regent.core.model.Check;
import dev.regent.proxy.session.Guests;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** One for all sessions of a listener, from any thread. */
public final class SharedGuests implements Guests {
  private final int most;
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();

  /**
   * @param most sessions of each user
   */
  public SharedGuests(int most) {
    Check.that(most > 0, "room for " + most + " of each user");
    this.most = most;
  }

  @Override
  public boolean enter(String user) {
    AtomicBoolean room = new AtomicBoolean();
    counts.compute(
        user,
        (name, count) -> {
          int now = count == null ? 0 : count;
          room.set(now < most);
          return now < most ? Integer.valueOf(now + 1) : count;
        });
    return room.get();
  }

  @Override
  public void leave(String user) {
    counts.computeIfPresent(user, (name, count) -> count > 1 ? count - 1 : null);
  }

  int users() {
    return counts.size();
  }
}
