package dev.regent.server.render;

import dev.regent.core.analyze.Words;
import dev.regent.core.control.Picture;
import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.Observation;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.model.Topology;
import dev.regent.server.render.Page.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One server of a picture in words.
 *
 * @param state what it does now
 * @param marks what else is to be known about it, each a few words
 * @param source the server of this cluster that it follows
 */
record Card(
    Snapshot.View view,
    Role role,
    String state,
    Tone tone,
    List<String> marks,
    Optional<ServerId> source) {

  enum Role {
    PRIMARY,
    /** A replica with replicas. */
    RELAY,
    REPLICA,
    /** It follows nobody of this cluster, or was never seen. */
    NONE
  }

  static List<Card> all(Picture picture) {
    Topology topology = Topology.of(picture.snapshot());
    return picture.snapshot().servers().stream()
        .map(view -> of(view, topology, picture.snapshot().record()))
        .toList();
  }

  private static Card of(Snapshot.View view, Topology topology, ClusterRecord record) {
    Optional<ServerId> source = topology.sourceOf(view.id());
    Role role = role(view.id(), source.isPresent(), topology, record);
    State now = state(view, role, record);
    return new Card(view, role, now.state(), now.tone(), marks(view, record), source);
  }

  private static Role role(ServerId id, boolean follows, Topology topology, ClusterRecord record) {
    if (record.isPrimary(id)) {
      return Role.PRIMARY;
    }
    if (!follows) {
      return Role.NONE;
    }
    return topology.replicasOf(id).isEmpty() ? Role.REPLICA : Role.RELAY;
  }

  private record State(String state, Tone tone) {}

  private static State state(Snapshot.View view, Role role, ClusterRecord record) {
    if (view.latest().isEmpty()) {
      return new State("not probed yet", Tone.FAINT);
    }
    Optional<Observation.Missed> missed = view.missed();
    if (missed.isPresent()) {
      return new State(Words.words(missed.get().kind()), Tone.BAD);
    }
    ServerFacts facts = view.facts().orElseThrow();
    if (role == Role.PRIMARY) {
      return primary(facts);
    }
    if (!facts.readOnly()) {
      return new State("takes writes", Tone.BAD);
    }
    if (facts.channels().isEmpty()) {
      boolean out = record.quarantine().containsKey(view.id());
      return new State(out ? "held out" : "follows nobody", Tone.WARNING);
    }
    return facts.channels().stream()
        .filter(c -> !c.running())
        .findFirst()
        .map(Card::trouble)
        .orElse(new State("running", Tone.GOOD));
  }

  private static State primary(ServerFacts facts) {
    if (facts.readOnly()) {
      return new State("closed: read_only is on", Tone.BAD);
    }
    return facts
        .cannotWrite()
        .map(why -> new State("cannot write: " + why, Tone.BAD))
        .orElse(new State("open", Tone.GOOD));
  }

  private static State trouble(Channel channel) {
    if (channel.sqlProblem().present() && !channel.sqlRunning()) {
      return new State("broken: SQL error " + channel.sqlProblem().number(), Tone.BAD);
    }
    if (channel.ioProblem().present() && channel.io() == ThreadState.NO) {
      return new State("broken: IO error " + channel.ioProblem().number(), Tone.BAD);
    }
    String receiving =
        switch (channel.io()) {
          case YES -> "receiving";
          case CONNECTING -> "connecting";
          case NO -> channel.sqlRunning() ? "not receiving" : "stopped";
        };
    boolean mute = channel.sqlRunning() || channel.io() == ThreadState.NO;
    return new State(mute ? receiving : receiving + ", not applying", Tone.WARNING);
  }

  private static List<String> marks(Snapshot.View view, ClusterRecord record) {
    ServerId id = view.id();
    List<String> marks = new ArrayList<>();
    if (record.syncSet().contains(id)) {
      marks.add("sync");
    } else if (view.facts().isPresent() && view.facts().get().semiSync().replicaEnabled()) {
      marks.add("semi-sync");
    }
    if (record.unverified().contains(id)) {
      marks.add("to be compared");
    }
    if (record.relaxed().containsKey(id)) {
      marks.add("durability relaxed");
    }
    Optional.ofNullable(record.quarantine().get(id))
        .ifPresent(q -> marks.add("quarantined: " + q.reason()));
    Optional.ofNullable(record.maintenance().get(id))
        .ifPresent(m ->
            marks.add(
                "maintenance by " + m.by() + (m.reason().isEmpty() ? "" : ": " + m.reason())));
    return marks;
  }

  /** The facts of the last successful probe, however old. */
  Optional<ServerFacts> lastFacts() {
    return view.seen().map(Observation.Seen::facts);
  }

  /** What it received, applied or not; empty if unknown, as after a restart (DESIGN 7.3). */
  Optional<GtidPosition> received() {
    return lastFacts()
        .filter(f -> !f.channels().isEmpty())
        .filter(f -> f.channels().stream().noneMatch(c -> c.received().isEmpty()))
        .map(f ->
            f.channels().stream()
                .map(Channel::received)
                .reduce(GtidPosition.EMPTY, GtidPosition::merge));
  }
}
