package dev.regent.lab.scenario;

import dev.regent.lab.arena.Arena;
import dev.regent.lab.arena.EventFeed;
import dev.regent.lab.arena.Writers;
import dev.regent.lab.check.Onlooker;
import java.io.IOException;

/** A cluster with its manager, clients beside it and an onlooker, for one round after the other. */
public final class Ground implements AutoCloseable {
  private final Setup setup;
  private final String profile;
  private final Arena arena;
  private final EventFeed events;
  private final Writers writers;
  private final Onlooker onlooker;

  private Ground(
      Setup setup,
      String profile,
      Arena arena,
      EventFeed events,
      Writers writers,
      Onlooker onlooker) {
    this.setup = setup;
    this.profile = profile;
    this.arena = arena;
    this.events = events;
    this.writers = writers;
    this.onlooker = onlooker;
  }

  /** Starts all of it; the clients are paused. */
  public static Ground open(Setup setup, String profile) throws IOException {
    Arena arena = Arena.open(setup.lab(profile), setup.daemon(profile));
    try {
      EventFeed events = new EventFeed(arena.daemon().socket());
      arena.awaitWhole();
      Writers writers = Writers.start(arena, setup.load());
      writers.pause();
      Onlooker onlooker = Onlooker.over(arena.cluster().servers());
      return new Ground(setup, profile, arena, events, writers, onlooker);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  public boolean fits(Setup wanted, String wantedProfile) {
    return setup.equals(wanted) && profile.equals(wantedProfile);
  }

  public String profile() {
    return profile;
  }

  public Arena arena() {
    return arena;
  }

  public EventFeed events() {
    return events;
  }

  public Writers writers() {
    return writers;
  }

  public Onlooker onlooker() {
    return onlooker;
  }

  @Override
  public void close() throws IOException {
    onlooker.close();
    events.close();
    try {
      writers.close();
    } finally {
      arena.close();
    }
  }
}
