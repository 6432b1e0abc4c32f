package dev.regent.lab.scenario;

import dev.regent.lab.arena.Arena;
import dev.regent.lab.arena.EventFeed;
import dev.regent.lab.arena.Writers;
import dev.regent.lab.check.Onlooker;
import dev.regent.lab.load.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A cluster with its manager, clients beside it and an onlooker, for one round after the other. */
public final class Ground implements AutoCloseable {
  private final Setup setup;
  private final String profile;
  private final List<Endpoint> ports;
  private final Arena arena;
  private final EventFeed events;
  private final Writers writers;
  private final Onlooker onlooker;

  private Ground(
      Setup setup,
      String profile,
      List<Endpoint> ports,
      Arena arena,
      EventFeed events,
      Writers writers,
      Onlooker onlooker) {
    this.setup = setup;
    this.profile = profile;
    this.ports = List.copyOf(ports);
    this.arena = arena;
    this.events = events;
    this.writers = writers;
    this.onlooker = onlooker;
  }

  /** Starts all of it; the clients are paused. */
  public static Ground open(Setup setup, String profile, Through through) throws IOException {
    List<Endpoint> ports = new ArrayList<>();
    Arena arena =
        Arena.open(
            setup.lab(profile),
            cluster -> {
              ports.addAll(through.ports(cluster));
              return Through.listening(setup.daemon(profile), ports);
            });
    try {
      EventFeed events = new EventFeed(arena.daemon().socket());
      arena.awaitWhole();
      Writers writers = Writers.start(arena, through.load(setup.load(), ports));
      writers.pause();
      Onlooker onlooker = Onlooker.over(arena.cluster().servers());
      return new Ground(setup, profile, ports, arena, events, writers, onlooker);
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

  /** Where the manager's proxy listens. */
  public List<Endpoint> ports() {
    return ports;
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
