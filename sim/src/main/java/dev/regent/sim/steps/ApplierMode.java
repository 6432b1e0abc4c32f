package dev.regent.sim.steps;

import dev.regent.core.model.Channel;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.mariadb.SimServer.SavedMode;
import dev.regent.sim.mariadb.Statement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Lets one connection apply with one thread for a rescue, and back again. */
final class ApplierMode {
  private ApplierMode() {}

  static Act<Boolean> single(Channel channel) {
    return Act.of(work -> {
      SimServer server = work.office().server();
      Statement save =
          new Statement.WriteLocal(() ->
              server
                  .savedModes()
                  .putIfAbsent(
                      channel.name(),
                      new SavedMode(server.facts().parallelMode(), channel.delay().toNanos())));
      return Work.change(new Statement.Several(List.of(save, mode("none"))));
    });
  }

  private static Statement mode(String mode) {
    return new Statement.SetGlobal(List.of(new Statement.Setting("slave_parallel_mode", mode)));
  }

  /** Puts the mode back if a rescue changed it; the delay is returned for a CHANGE MASTER. */
  static Act<OptionalLong> restore(String channel) {
    return Act.of(work -> {
      SimServer server = work.office().server();
      return Work.read(f -> Optional.ofNullable(server.savedModes().get(channel)))
          .then(saved ->
              saved.isEmpty()
                  ? Act.value(OptionalLong.empty())
                  : back(server, channel, saved.get()));
    });
  }

  private static Act<OptionalLong> back(SimServer server, String channel, SavedMode saved) {
    Statement forget = new Statement.WriteLocal(() -> server.savedModes().remove(channel));
    return Work.change(new Statement.Several(List.of(mode(saved.mode()), forget)))
        .map(ok -> OptionalLong.of(saved.delayNanos()));
  }
}
