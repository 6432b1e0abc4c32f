package dev.regent.sim.steps;

import dev.regent.core.model.Channel;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Evidence.Standing;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.storage.RelayLog;
import java.util.List;
import java.util.Optional;

/** Reads where a server stands: the channels first, the positions behind them. */
final class Standings {
  private Standings() {}

  record Applied(GtidPosition position, GtidState state) {}

  static Act<Applied> applied() {
    return Work.read(f -> new Applied(f.binlogPosition().merge(f.replicated()), f.binlogState()));
  }

  static Act<Standing> read(ServerId server) {
    return Work.channels()
        .then(channels -> applied().then(applied -> standing(server, channels, applied)));
  }

  private static Act<Standing> standing(ServerId server, List<Channel> channels, Applied applied) {
    GtidPosition received = applied.position();
    for (Channel channel : channels) {
      received = received.merge(channel.received());
    }
    GtidPosition all = received;
    return known(channels, 0)
        .map(known ->
            new Standing(
                server,
                all,
                applied.position(),
                applied.state(),
                known,
                channels.stream().allMatch(Channel::sqlRunning),
                channels.stream().anyMatch(c -> c.io() != Channel.ThreadState.NO)));
  }

  /** An empty position says nothing, unless the relay log has nothing to add. */
  private static Act<Boolean> known(List<Channel> channels, int from) {
    for (int i = from; i < channels.size(); i++) {
      if (channels.get(i).received().isEmpty()) {
        int next = i + 1;
        return firstUnapplied(channels.get(i))
            .then(place -> place.isEmpty() ? known(channels, next) : Act.value(false));
      }
    }
    return Act.value(true);
  }

  /** {@code SHOW RELAYLOG EVENTS}, read as far as need be. */
  static Act<Optional<RelayLog.Place>> firstUnapplied(Channel channel) {
    return Act.of(work -> {
      SimServer server = work.office().server();
      return applied()
          .then(applied ->
              Work.read(f ->
                  server
                      .channel(channel.name())
                      .flatMap(c -> c.relay().firstUnapplied(applied.position()))));
    });
  }

  /** Everything the server executed or received, as the whole relay log tells. */
  static Act<GtidPosition> end(Channel channel) {
    return Act.of(work -> {
      SimServer server = work.office().server();
      return applied()
          .then(applied ->
              Work.read(f ->
                  server
                      .channel(channel.name())
                      .map(c -> applied.position().merge(c.relay().held()))
                      .orElse(applied.position())));
    });
  }
}
