package dev.regent.sim.swarm;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ClusterSpec.Hooks;
import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.ClusterSpec.Server;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Policy;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.sim.commit.Release;
import dev.regent.sim.commit.StartFile;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.load.SimClient;
import dev.regent.sim.world.Oddity;
import dev.regent.sim.world.Setup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Draws what a run begins with. */
final class OptionsDraw {
  /** Zero leaves the server's own, half a minute. */
  private static final List<Duration> HEARTBEATS =
      List.of(
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          Duration.ofSeconds(10),
          Duration.ZERO);

  private static final double DAYS_WITHOUT_READERS = 0.3;

  private final Dice dice;
  private final long seed;

  OptionsDraw(long seed) {
    this.seed = seed;
    this.dice = Dice.of(seed).of("options");
  }

  Options draw() {
    return draw(
        dice.pick(
            List.of(
                Profile.SAFE,
                Profile.SAFE,
                Profile.SAFE,
                Profile.AVAILABLE,
                Profile.AVAILABLE,
                Profile.ASYNC)));
  }

  Options draw(Profile profile) {
    int count = dice.pick(List.of(2, 3, 3, 3, 3, 3, 4, 4, 5));
    ClusterSpec spec =
        new ClusterSpec(
            "shop", servers(count), policy(profile), dice.chance(0.3) ? hooks() : Hooks.NONE);
    List<Oddity> oddities = oddities(count);
    Setup setup =
        new Setup(
            seed,
            spec,
            dice.pick(
                List.of(
                    Release.V11_4, Release.V11_4, Release.V10_11, Release.V10_5, Release.V11_8)),
            file(),
            sources(spec),
            (int) dice.between(2, 6),
            // Whoever follows no routing table would write to both.
            oddities.contains(Oddity.TWO_OPEN) ? 0 : (int) dice.below(3),
            Setup.Proxied.NONE,
            habits(),
            dice.pick(List.of(100L, 300L, 1_000L, 2_500L)) * Kernel.MICROSECOND,
            dice.chance(0.07),
            dice.chance(0.5),
            oddities);
    List<Integer> survivors = survivors(count);
    return new Options(
        setup, dice.between(15, 70), survivors, dice.chance(0.5) ? 0 : dice.fraction() / 4);
  }

  /** The same day with clients of the proxy. Own dice, so that the rest of it stays as it is. */
  static Options proxied(Options options) {
    Dice own = Dice.of(options.setup().seed()).of("proxied");
    int clients = (int) own.between(2, 5);
    Duration hold = Duration.ofSeconds(own.between(3, 30));
    int readers = readers(own.of("readers"), clients);
    Setup.Proxied proxied = new Setup.Proxied(clients, readers, hold);
    return new Options(
        options.setup().with(proxied),
        options.safetySeconds(),
        options.survivors(),
        options.hooksFail());
  }

  private static int readers(Dice dice, int clients) {
    return dice.chance(DAYS_WITHOUT_READERS) ? 0 : (int) dice.between(1, clients);
  }

  static Options perhapsProxied(Options options) {
    boolean proxied = Dice.of(options.setup().seed()).of("whether-proxied").chance(0.5);
    return proxied ? proxied(options) : options;
  }

  private List<Oddity> oddities(int servers) {
    List<Oddity> oddities = new ArrayList<>();
    Dice odd = dice.of("oddities");
    for (Oddity oddity : Oddity.values()) {
      if (servers > 2 && odd.chance(0.03)) {
        oddities.add(oddity);
      }
    }
    return oddities;
  }

  private SimClient.Habits habits() {
    return new SimClient.Habits(
        dice.between(40, 500) * Kernel.MILLISECOND,
        dice.between(1, 8) * Kernel.SECOND,
        dice.chance(0.75) ? 1 : (int) dice.between(2, 3),
        dice.of("uneven").chance(0.5));
  }

  private StartFile file() {
    StartFile file = StartFile.CLOSED.workers((int) dice.below(9));
    if (dice.chance(0.2)) {
      file = file.truncating();
    }
    return dice.chance(0.5) ? file.netTimeout(4 * Kernel.SECOND) : file;
  }

  private List<Server> servers(int count) {
    boolean tastes = dice.chance(0.3);
    List<Server> servers = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      Endpoint address = new Endpoint("db" + i, 3306);
      Preference preference =
          tastes
              ? dice.pick(List.of(Preference.NEUTRAL, Preference.PREFER, Preference.NEVER))
              : Preference.NEUTRAL;
      servers.add(
          new Server(
              new ServerId("db" + i),
              address,
              address,
              i == 1 ? Preference.NEUTRAL : preference,
              tastes ? (int) dice.below(3) : 0,
              tastes && dice.chance(0.5) ? "b" : "a",
              i <= 2 || !dice.chance(0.15)));
    }
    return servers;
  }

  private Hooks hooks() {
    return Hooks.all(Duration.ofSeconds(dice.between(1, 5)));
  }

  /** Own dice, so that the other days stay as they are. */
  private Policy.Actor actor(Profile profile) {
    return profile != Profile.SAFE && dice.of("actor").chance(0.03)
        ? Policy.Actor.SCRIPT
        : Policy.Actor.REGENT;
  }

  private Policy policy(Profile profile) {
    Policy p = Policy.of(profile);
    Policy.Detection d = p.detection();
    return new Policy(
        profile,
        new Policy.Detection(
            d.interval(),
            d.probeTimeout(),
            d.silence(),
            (int) dice.between(1, 3),
            dice.chance(0.1) ? Duration.ofSeconds(2) : Duration.ZERO,
            d.staleAfter()),
        new Policy.Failover(
            !dice.chance(0.03),
            Duration.ofSeconds(dice.between(1, 40)),
            dice.pick(
                List.of(
                    Policy.DrainTimeout.WAIT,
                    Policy.DrainTimeout.PROMOTE,
                    Policy.DrainTimeout.HOLD)),
            Duration.ofMillis(dice.pick(List.of(20L, 500L))),
            p.failover().lagBoundSeconds(),
            actor(profile)),
        dice.chance(0.7)
            ? new Policy.Flapping(1000, Duration.ofHours(1), Duration.ZERO)
            : p.flapping(),
        new Policy.Replication(
            dice.pick(HEARTBEATS),
            p.replication().connectRetrySeconds(),
            p.replication().semiSyncTimeout(),
            p.replication().manageSemiSync()),
        p.switchover(),
        !dice.chance(0.03));
  }

  private SortedMap<ServerId, ServerId> sources(ClusterSpec spec) {
    SortedMap<ServerId, ServerId> sources = new TreeMap<>();
    List<ServerId> ids = spec.servers().stream().map(Server::id).toList();
    for (int i = 1; i < ids.size(); i++) {
      sources.put(ids.get(i), ids.getFirst());
    }
    if (ids.size() > 3 && dice.chance(0.3)) {
      sources.put(ids.getLast(), ids.get(1));
    }
    return sources;
  }

  /** Mostly everybody; sometimes one is gone for good. */
  private List<Integer> survivors(int count) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(i);
    }
    if (count > 2 && dice.chance(0.3)) {
      all.remove(Integer.valueOf((int) dice.below(count)));
    }
    return all;
  }
}
