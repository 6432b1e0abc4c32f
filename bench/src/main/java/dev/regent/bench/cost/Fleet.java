package dev.regent.bench.cost;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Controller;
import dev.regent.core.control.Effect;
import dev.regent.core.control.Input;
import dev.regent.core.control.Picture;
import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.Problem;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.Check;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.Moment;
import dev.regent.core.model.Observation;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A controller over a cluster of any size that exists in words only: the first server is the
 * primary, the others follow it, and every step that the controller orders is done at once.
 */
final class Fleet {
  private static final int PORT = 3306;
  private static final GtidPosition POSITION = GtidPosition.parse("0-1-123456");

  /** Enough for adoption and for everything else that the controller wants to put right. */
  private static final int ROUNDS = 20;

  private static final int EFFECTS_MAX = 100_000;

  private final ClusterSpec spec;
  private final Controller controller;
  private Moment now = new Moment(1_000_000_000_000L, 1_800_000_000_000L);
  private Optional<Picture> picture = Optional.empty();

  private Fleet(ClusterSpec spec) {
    this.spec = spec;
    this.controller = new Controller(spec, ClusterRecord.blank(), now);
    perform(controller.start());
  }

  /** A cluster that was adopted and is well. */
  static Fleet of(int size) {
    List<ClusterSpec.Server> servers = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      Endpoint address = new Endpoint("10.0.0." + i, PORT);
      servers.add(
          new ClusterSpec.Server(
              new ServerId("db" + i),
              address,
              address,
              ClusterSpec.Preference.NEUTRAL,
              0,
              "",
              true));
    }
    Fleet fleet =
        new Fleet(
            new ClusterSpec(
                "shop", servers, Policy.of(Policy.Profile.SAFE), ClusterSpec.Hooks.NONE));
    for (int round = 0; round < ROUNDS; round++) {
      fleet.observeAll();
    }
    Check.that(
        fleet.picture().routing().primary().isPresent(),
        "the fleet was not adopted: " + fleet.picture().diagnoses());
    return fleet;
  }

  /** The picture that condemns the primary. */
  Picture killPrimary() {
    Observation.Missed missed =
        new Observation.Missed(Observation.Kind.REFUSED, "connection refused", tick());
    for (int round = 0; round < ROUNDS; round++) {
      step(new Input.Observed(id(0), missed(missed)));
      for (int i = 1; i < spec.servers().size(); i++) {
        step(new Input.Observed(id(i), seen(i, ThreadState.CONNECTING)));
        if (picture().diagnoses().stream().anyMatch(d -> d instanceof Diagnosis.PrimaryDead)) {
          return picture();
        }
      }
    }
    throw new IllegalStateException("nobody condemned the primary: " + picture().diagnoses());
  }

  private Observation missed(Observation.Missed like) {
    return new Observation.Missed(like.kind(), like.detail(), tick());
  }

  Picture picture() {
    return picture.orElseThrow();
  }

  void observeAll() {
    for (int i = 0; i < spec.servers().size(); i++) {
      observe(i);
    }
  }

  /** One probe of one server, as it was: what the control loop does all day. */
  void observe(int index) {
    step(new Input.Observed(id(index), seen(index, ThreadState.YES)));
  }

  private ServerId id(int index) {
    return spec.servers().get(index).id();
  }

  private Moment tick() {
    now = now.plus(Duration.ofMillis(5));
    return now;
  }

  private void step(Input input) {
    perform(controller.step(input));
  }

  private void perform(List<Effect> effects) {
    Deque<Effect> left = new ArrayDeque<>(effects);
    for (int done = 0; !left.isEmpty(); done++) {
      Check.that(done < EFFECTS_MAX, "the controller never rests");
      switch (left.removeFirst()) {
        case Effect.Store e -> left.addAll(e.then());
        case Effect.Execute e ->
            left.addAll(
                controller.step(new Input.StepEnded(e.plan(), e.number(), Outcome.ok(), tick())));
        case Effect.Show e -> picture = Optional.of(e.picture());
        case Effect.ProbeNow _, Effect.Publish _, Effect.Tell _, Effect.Answer _ -> {}
      }
    }
  }

  private Observation seen(int index, ThreadState receiving) {
    return new Observation.Seen(facts(index, receiving), tick(), Duration.ofNanos(500_000));
  }

  private ServerFacts facts(int index, ThreadState receiving) {
    return new ServerFacts(
        index + 1L,
        "11.4.8-MariaDB-log",
        1_700_000_000_000L,
        index != 0,
        new ServerFacts.BinaryLog(true, true, true, "ROW", "FULL"),
        POSITION,
        GtidState.parse("0-1-123456"),
        index == 0 ? GtidPosition.EMPTY : POSITION,
        new ServerFacts.SemiSync(
            index == 0, index != 0, ServerFacts.SemiSync.ENDLESS, "AFTER_SYNC", true),
        ServerFacts.Durability.FULL,
        false,
        4,
        index == 0 ? List.of() : List.of(channel(receiving)),
        index == 0
            ? Optional.of(new ServerFacts.SemiSyncStatus(true, 2, 0, 123, 0, false))
            : Optional.empty(),
        Optional.empty());
  }

  private Channel channel(ThreadState receiving) {
    return new Channel(
        "",
        spec.servers().getFirst().address(),
        1,
        receiving,
        true,
        POSITION,
        true,
        now.millis(),
        Duration.ofMillis(500),
        "binlog.000001",
        123_456,
        "relay.000002",
        123_456,
        123_456,
        OptionalLong.of(0),
        Problem.NONE,
        Problem.NONE,
        Duration.ZERO,
        "Slave has read all relay log; waiting for more updates");
  }
}
