package dev.regent.server.monitor;

import dev.regent.core.control.Picture;
import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Observation;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot.View;
import dev.regent.core.model.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One server in the monitor's terms. A server that does not run has no role.
 *
 * @param authError it answers, and refuses us
 * @param source whom it follows, or did when it was last seen
 * @param lagSeconds empty if it does not run, follows nobody or cannot tell
 */
public record ServerState(
    ServerId id,
    boolean running,
    boolean maintenance,
    boolean primary,
    boolean replica,
    boolean authError,
    Optional<ServerId> source,
    OptionalLong lagSeconds) {

  /** As the last look showed it. */
  public static ServerState present(View view, Picture picture) {
    Optional<ServerFacts> facts = view.facts();
    boolean primary =
        facts.isPresent() && picture.routing().primary().filter(view.id()::equals).isPresent();
    return new ServerState(
        view.id(),
        facts.isPresent(),
        picture.snapshot().inMaintenance(view.id()),
        primary,
        !primary && facts.filter(f -> follows(f, picture.snapshot().spec())).isPresent(),
        refused(view),
        Topology.of(picture.snapshot()).sourceOf(view.id()),
        facts.map(ServerFacts::lagSeconds).orElse(OptionalLong.empty()));
  }

  static boolean refused(View view) {
    return view.missed().filter(m -> m.kind() == Observation.Kind.AUTH).isPresent();
  }

  /** A replica whose source is gone is one all the same. */
  static boolean follows(ServerFacts facts, ClusterSpec spec) {
    return facts.channels().stream()
        .filter(c -> spec.at(c.source()).isPresent())
        .anyMatch(ServerState::replicates);
  }

  private static boolean replicates(Channel channel) {
    return channel.io() != ThreadState.NO && channel.sqlRunning();
  }

  /** The status as MaxScale 1.2 wrote it, words in its order. */
  public String words() {
    List<String> words = new ArrayList<>();
    add(words, maintenance, "Maintenance");
    add(words, primary, "Master");
    add(words, replica, "Slave");
    add(words, authError, "Auth Error");
    words.add(running ? "Running" : "Down");
    return String.join(", ", words);
  }

  private static void add(List<String> words, boolean holds, String word) {
    if (holds) {
      words.add(word);
    }
  }

  /** Whether nothing that its status shows has moved. */
  boolean sameWords(ServerState other) {
    return words().equals(other.words());
  }
}
