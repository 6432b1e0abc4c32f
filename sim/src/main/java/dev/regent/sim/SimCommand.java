package dev.regent.sim;

import dev.regent.core.model.Policy.Profile;
import dev.regent.sim.kernel.Trace;
import dev.regent.sim.shrink.Shrinker;
import dev.regent.sim.swarm.Options;
import dev.regent.sim.swarm.Script;
import dev.regent.sim.swarm.Swarm;
import dev.regent.sim.swarm.Verdict;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code regent sim}. */
@Command(
    name = "sim",
    description = {
      "Runs the core through simulated bad days, each drawn from a seed.",
      "Exit code 0: every promise was kept; 1: one was broken, and its seed is printed."
    },
    mixinStandardHelpOptions = true)
public final class SimCommand implements Callable<Integer> {
  private static final Pattern RANGE = Pattern.compile("(\\d+)\\.\\.(\\d+)");
  private static final long SEEDS_DEFAULT = 200;

  private final PrintStream out;
  private final PrintStream err;

  @Spec private @Nullable CommandSpec command;

  @Option(names = "--seed", paramLabel = "N", description = "run this seed alone, in all detail")
  private @Nullable Long seed;

  @Option(
      names = "--seeds",
      paramLabel = "A..B",
      description = "run these seeds (default: 1.." + SEEDS_DEFAULT + ")")
  private @Nullable String seeds;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description = "run seed after seed, from the first one, for so long")
  private double minutes;

  @Option(
      names = "--policy",
      paramLabel = "PROFILE",
      description = "safe, available or async (default: drawn)")
  private @Nullable String policy;

  @Option(
      names = "--proxy",
      paramLabel = "WORD",
      description = "whether clients come through the proxy too: yes, no or drawn (default: drawn)")
  private String proxy = "drawn";

  @Option(names = "--trace", description = "print what happens, line by line (with --seed)")
  private boolean trace;

  @Option(
      names = "--shrink",
      description = "look for the smallest run that fails in the same way (with --seed)")
  private boolean shrink;

  @Option(
      names = "--pace",
      description = "kill the primary over and over, and print how fast that is simulated")
  private boolean pace;

  @Option(names = "--json", description = "add the result as one JSON object, as the last line")
  private boolean json;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "how many seeds at once (default: one per processor)")
  private int threads = Runtime.getRuntime().availableProcessors();

  SimCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    if (pace) {
      out.println(Pace.measure(minutes > 0 ? minutes : 0.5));
      return 0;
    }
    LongFunction<Options> draw = draw();
    Tally tally = new Tally();
    if (seed != null) {
      alone(draw.apply(seed), tally);
    } else {
      long[] range = range();
      Duration limit = Duration.ofMillis(Math.round(minutes * 60_000));
      new Batch(draw, Math.max(1, threads), err).run(range[0], range[1], limit, tally);
    }
    tally.failures().forEach(f -> out.println(f.words()));
    out.println(tally.words());
    if (json) {
      out.println(tally.json());
    }
    return tally.failures().isEmpty() ? 0 : 1;
  }

  private void alone(Options options, Tally tally) {
    long number = options.setup().seed();
    Script script = Swarm.script(options);
    out.println("seed " + number + ": " + options.words());
    script.entries().forEach(e -> out.println("  " + e));
    long begun = Cpu.nanos();
    Verdict verdict =
        Batch.judged(options, script, trace ? Trace.to(out::println) : Trace.silent());
    tally.add(new Tally.Result(number, options, script, verdict, Cpu.nanos() - begun));
    out.println("seed " + number + ": " + verdict);
    if (shrink && !verdict.good()) {
      new Smallest(out, err).find(new Shrinker.Case(options, script), trace);
    }
  }

  private LongFunction<Options> draw() {
    LongFunction<Options> day = drawWithoutProxy();
    return switch (proxy) {
      case "yes" -> number -> Swarm.proxied(day.apply(number));
      case "no" -> day;
      case "drawn" -> number -> Swarm.perhapsProxied(day.apply(number));
      default -> throw wrong("--proxy takes yes, no or drawn, not '" + proxy + "'");
    };
  }

  private LongFunction<Options> drawWithoutProxy() {
    if (policy == null) {
      return Swarm::options;
    }
    try {
      Profile profile = Profile.valueOf(policy.toUpperCase(Locale.ROOT));
      return number -> Swarm.options(number, profile);
    } catch (IllegalArgumentException e) {
      throw wrong("--policy takes safe, available or async, not '" + policy + "'");
    }
  }

  private long[] range() {
    if (seeds == null) {
      return new long[] {1, minutes > 0 ? Long.MAX_VALUE : SEEDS_DEFAULT};
    }
    Matcher matcher = RANGE.matcher(seeds);
    if (!matcher.matches()) {
      throw wrong("--seeds takes a range like 1..100, not '" + seeds + "'");
    }
    return new long[] {Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))};
  }

  private CommandLine.ParameterException wrong(String why) {
    CommandSpec spec = command;
    if (spec == null) {
      throw new IllegalStateException(why);
    }
    return new CommandLine.ParameterException(spec.commandLine(), why);
  }
}
