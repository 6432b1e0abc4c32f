package dev.regent.cli.repmgr;

import dev.regent.cli.flags.GoFlags;
import dev.regent.cli.flags.Logins;
import dev.regent.cli.flags.Request;
import dev.regent.cli.flags.RequestReader;
import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.Problem;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.Observation.Kind;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerFacts.BinaryLog;
import dev.regent.core.model.ServerFacts.Durability;
import dev.regent.core.model.ServerFacts.SemiSync;
import dev.regent.server.observe.Glance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Servers as one look shows them. */
final class Looks {
  static final SemiSync NO_SEMI_SYNC = new SemiSync(false, false, 10_000, "AFTER_COMMIT", true);

  private Looks() {}

  static Request request(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-user=root:a", "-rpluser=repl:b"));
    RequestReader reader = new RequestReader(GoFlags.parse(all), Logins.none(), false);
    return reader.read().orElseThrow(() -> new AssertionError(reader.mistakes()));
  }

  static Endpoint address(String name) {
    return new Endpoint(name, 3306);
  }

  static Look gone(String name) {
    return Look.missed(address(name), Kind.REFUSED, name + ": refused");
  }

  static Look primary(String name) {
    return look(name, false, NO_SEMI_SYNC, List.of(), "0-1-10", Optional.empty());
  }

  static Look replica(String name, String source) {
    return replica(name, source, ThreadState.YES, 0);
  }

  static Look replica(String name, String source, ThreadState io, int error) {
    return replica(name, channel(source, io, error), NO_SEMI_SYNC, "0-1-10");
  }

  static Look replica(String name, Channel channel, SemiSync semiSync, String position) {
    return look(name, true, semiSync, List.of(channel), position, Optional.empty());
  }

  static Look withReign(Look look, String primary, long secondsAgo) {
    Glance.LastReign reign = new Glance.LastReign(4, primary, secondsAgo);
    return Look.seen(
        look.address(), new Glance(look.there().facts(), List.of(), Optional.of(reign), true));
  }

  static Look look(
      String name,
      boolean closed,
      SemiSync semiSync,
      List<Channel> channels,
      String position,
      Optional<Glance.LastReign> reign) {
    ServerFacts facts =
        new ServerFacts(
            name.hashCode(),
            "11.4.5-MariaDB",
            0,
            closed,
            new BinaryLog(true, true, true, "ROW", "FULL"),
            GtidPosition.parse(position),
            GtidState.parse(position),
            GtidPosition.EMPTY,
            semiSync,
            Durability.FULL,
            false,
            4,
            channels,
            Optional.empty(),
            Optional.empty());
    return Look.seen(address(name), new Glance(facts, List.of(), reign, true));
  }

  static Channel channel(String source, ThreadState io, int error) {
    return new Channel(
        "",
        address(source),
        1,
        io,
        true,
        GtidPosition.EMPTY,
        true,
        0,
        Duration.ofSeconds(30),
        "binlog.1",
        4,
        "relay.1",
        4,
        4,
        OptionalLong.empty(),
        new Problem(error, ""),
        Problem.NONE,
        Duration.ZERO,
        "");
  }
}
