package dev.regent.sim.shrink;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ClusterSpec.Server;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerId;
import dev.regent.sim.swarm.Options;
import dev.regent.sim.world.Setup;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Options with less to them: each that was drawn is set to what a plain run has, that is, one made
 * by {@link Setup#of} with the default policy.
 */
final class Plainer {
  /** Fewer cannot replicate. */
  private static final int SERVERS_MIN = 2;

  private Plainer() {}

  /** Each of them differs from these options in one thing. */
  static List<Options> than(Options options) {
    List<Options> plainer = new ArrayList<>();
    if (options.setup().spec().servers().size() > SERVERS_MIN) {
      plainer.add(withoutLastServer(options));
    }
    plainer.addAll(Records.towards(options, plain(options)));
    Setup setup = options.setup();
    Records.towards(setup, Setup.of(setup.seed(), setup.spec()))
        .forEach(s -> plainer.add(with(options, s)));
    ClusterSpec spec = setup.spec();
    Records.towards(spec, plain(spec)).forEach(s -> plainer.add(with(options, s)));
    Records.towards(spec.policy(), Policy.of(options.profile()))
        .forEach(p -> plainer.add(with(options, Records.with(spec, "policy", p))));
    return plainer;
  }

  /** How many options are not plain. */
  static int drawn(Options options) {
    return than(options).size();
  }

  static Options lasting(Options options, long seconds) {
    return Records.with(options, "safetySeconds", seconds);
  }

  /** The same with other chances; the first is as it was. */
  static Options seeded(Options options, int chance) {
    Setup setup = options.setup();
    return chance == 0
        ? options
        : with(options, Records.with(setup, "seed", setup.seed() + chance));
  }

  private static Options with(Options options, Setup setup) {
    return Records.with(options, "setup", setup);
  }

  private static Options with(Options options, ClusterSpec spec) {
    return with(options, Records.with(options.setup(), "spec", spec));
  }

  /** Everybody is healed, and hooks work. */
  private static Options plain(Options options) {
    List<Integer> all =
        IntStream.range(0, options.setup().spec().servers().size()).boxed().toList();
    return Records.with(Records.with(options, "survivors", all), "hooksFail", 0.0);
  }

  private static ClusterSpec plain(ClusterSpec spec) {
    return new ClusterSpec(
        spec.name(),
        spec.servers().stream().map(Plainer::plain).toList(),
        Policy.of(spec.policy().profile()),
        ClusterSpec.Hooks.NONE);
  }

  private static Server plain(Server server) {
    return new Server(
        server.id(),
        server.address(),
        server.replicationAddress(),
        ClusterSpec.Preference.NEUTRAL,
        0,
        "",
        true);
  }

  private static Options withoutLastServer(Options options) {
    ClusterSpec spec = options.setup().spec();
    int last = spec.servers().size() - 1;
    ServerId gone = spec.servers().get(last).id();
    SortedMap<ServerId, ServerId> sources = new TreeMap<>(options.setup().sources());
    sources.remove(gone);
    ClusterSpec fewer = Records.with(spec, "servers", spec.servers().subList(0, last));
    Setup setup = Records.with(Records.with(options.setup(), "spec", fewer), "sources", sources);
    return Records.with(
        with(options, setup),
        "survivors",
        options.survivors().stream().filter(s -> s != last).toList());
  }
}
