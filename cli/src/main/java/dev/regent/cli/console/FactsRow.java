package dev.regent.cli.console;

import dev.regent.cli.console.Sight.Server;
import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.ServerFacts;
import dev.regent.server.render.Page.Tone;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A server's row from what it said itself, where no daemon judges it. */
public final class FactsRow {
  private FactsRow() {}

  private record State(Tone tone, String words) {}

  /**
   * @param source the server that it follows, as this cluster calls it; empty: none of this cluster
   */
  public static Server of(String name, String role, String source, ServerFacts facts) {
    State state = role.equals("primary") ? primary(facts) : replica(facts);
    return new Server(
        name,
        name,
        role,
        source,
        state.words(),
        state.tone(),
        List.of(),
        Optional.of(!facts.readOnly()),
        facts.version(),
        Optional.of(facts.applied()),
        received(facts),
        facts.lagSeconds(),
        facts.semiSync().replicaEnabled() ? "on" : "off",
        Optional.empty(),
        facts.semiSync().primaryEnabled() ? "semi-sync" : "",
        false);
  }

  /** One that does not answer and never did. */
  public static Server silent(String name, String role, String why, String detail) {
    return new Server(
        name,
        name,
        role,
        "",
        why,
        Tone.BAD,
        List.of(detail),
        Optional.empty(),
        "",
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        "",
        Optional.empty(),
        "",
        false);
  }

  /** One that does not answer any more; what it was and had is kept. */
  public static Server silent(Server before, String role, String why, String detail) {
    return new Server(
        before.name(),
        before.address(),
        role,
        "",
        why,
        Tone.BAD,
        List.of(detail),
        Optional.empty(),
        before.version(),
        before.applied(),
        Optional.empty(),
        OptionalLong.empty(),
        "",
        Optional.empty(),
        "",
        false);
  }

  private static State primary(ServerFacts facts) {
    return facts.readOnly()
        ? new State(Tone.BAD, "closed: read_only is on")
        : new State(Tone.GOOD, "open");
  }

  /** As {@code regent status} has it. */
  private static State replica(ServerFacts facts) {
    if (facts.channels().isEmpty()) {
      return new State(Tone.WARNING, facts.readOnly() ? "follows nobody" : "alone, takes writes");
    }
    String open = facts.readOnly() ? "" : "takes writes, ";
    for (Channel channel : facts.channels()) {
      if (!channel.running()) {
        return trouble(open, channel);
      }
    }
    return new State(open.isEmpty() ? Tone.GOOD : Tone.BAD, open + "running");
  }

  private static State trouble(String open, Channel channel) {
    if (channel.sqlProblem().present() && !channel.sqlRunning()) {
      return new State(Tone.BAD, open + "broken: SQL error " + channel.sqlProblem().number());
    }
    if (channel.ioProblem().present() && channel.io() == ThreadState.NO) {
      return new State(Tone.BAD, open + "broken: IO error " + channel.ioProblem().number());
    }
    String receiving =
        switch (channel.io()) {
          case YES -> "receiving";
          case CONNECTING -> "connecting";
          case NO -> channel.sqlRunning() ? "not receiving" : "stopped";
        };
    boolean mute = channel.sqlRunning() || channel.io() == ThreadState.NO;
    return new State(Tone.WARNING, open + receiving + (mute ? "" : ", not applying"));
  }

  private static Optional<GtidPosition> received(ServerFacts facts) {
    boolean unknown =
        facts.channels().isEmpty()
            || facts.channels().stream().anyMatch(c -> c.received().isEmpty());
    return unknown ? Optional.empty() : Optional.of(facts.held());
  }
}
