package dev.regent.cli.console;

import dev.regent.cli.console.Sight.Note;
import dev.regent.cli.console.Sight.Server;
import dev.regent.core.analyze.Diagnosis.Severity;
import dev.regent.core.model.GtidPosition;
import dev.regent.server.render.Page.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Looks at a cluster {@code shop}: db1 is primary, db2 has all, db3 lacks three transactions. */
final class Sights {
  static final long NOW = 1_795_435_200_000L;

  private Sights() {}

  static Sight healthy() {
    return of(
        List.of(primary("open", Tone.GOOD), replica("db2", "0-1-103"), replica("db3", "0-1-100")));
  }

  /** The primary is gone, and nothing may be done about it. */
  static Sight held() {
    Sight well = healthy();
    List<Server> servers = new ArrayList<>(well.servers());
    servers.set(0, primary("connection refused", Tone.BAD));
    return new Sight(
        well.title(),
        well.cluster(),
        well.mode(),
        well.epoch(),
        NOW,
        false,
        Note.of(Severity.WARNING, "loss-free failover: no, because db3 is unreachable"),
        "writes go nowhere",
        Optional.of("by ann: new switch"),
        Optional.empty(),
        servers,
        List.of(
            new Note(
                Severity.CRITICAL,
                "db1 is dead: its port refuses connections, and db2 lost it too",
                Optional.of("paused by ann: no automatic action"))));
  }

  static Sight many(int servers) {
    List<Server> all = new ArrayList<>(List.of(primary("open", Tone.GOOD)));
    for (int i = 2; i <= servers; i++) {
      all.add(replica("db" + i, "0-1-103"));
    }
    return of(all);
  }

  static Sight of(List<Server> servers) {
    return new Sight(
        "regent top",
        "shop",
        List.of("safe", "automatic failover", "epoch 7"),
        7,
        NOW,
        true,
        Note.of(Severity.OK, "loss-free failover: yes"),
        "writes go to db1",
        Optional.empty(),
        Optional.empty(),
        servers,
        List.of());
  }

  /** The role has moved, to db2. */
  static Sight moved() {
    Sight well = healthy();
    Server second =
        new Server(
            "db2",
            "127.0.0.1:3307",
            "primary",
            "",
            "open",
            Tone.GOOD,
            List.of(),
            Optional.of(true),
            "11.4.5-MariaDB",
            Optional.of(GtidPosition.parse("0-2-104")),
            Optional.empty(),
            OptionalLong.empty(),
            "off",
            Optional.empty(),
            "",
            false);
    return new Sight(
        well.title(),
        well.cluster(),
        well.mode(),
        8,
        NOW,
        true,
        well.guarantee(),
        "writes go to db2",
        Optional.empty(),
        Optional.empty(),
        List.of(second, replica("db3", "0-2-104")),
        List.of());
  }

  static Server primary(String state, Tone tone) {
    boolean there = tone == Tone.GOOD;
    return new Server(
        "db1",
        "127.0.0.1:3306",
        "primary",
        "",
        state,
        tone,
        List.of(),
        there ? Optional.of(true) : Optional.empty(),
        "11.4.5-MariaDB",
        Optional.of(GtidPosition.parse("0-1-103")),
        Optional.empty(),
        OptionalLong.empty(),
        "off",
        Optional.empty(),
        "semi-sync replicas: 2",
        false);
  }

  static Server replica(String name, String position) {
    return new Server(
        name,
        "127.0.0.1:33" + name.hashCode() % 100,
        "replica",
        "db1",
        "running",
        Tone.GOOD,
        name.equals("db3") ? List.of("to be compared") : List.of(),
        Optional.of(false),
        "11.4.5-MariaDB",
        Optional.of(GtidPosition.parse(position)),
        Optional.of(GtidPosition.parse("0-1-103")),
        OptionalLong.of(name.equals("db3") ? 4 : 0),
        "sync",
        Optional.of(List.of()),
        "",
        false);
  }

  static State state(Sight sight) {
    State state = State.empty().seen(sight);
    for (int i = 0; i < 30; i++) {
      state = state.told(new Happening.Line(NOW + i * 1000L, Severity.NOTICE, "event number " + i));
    }
    return state;
  }
}
