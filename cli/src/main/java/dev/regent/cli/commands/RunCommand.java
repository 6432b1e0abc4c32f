package dev.regent.cli.commands;

import dev.regent.cli.client.Surroundings;
import dev.regent.core.control.Effect;
import dev.regent.server.Main;
import dev.regent.sim.swarm.Rehearsal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "run",
    description =
        "The daemon, in the foreground: watches its clusters and acts, until SIGTERM or SIGINT."
            + " It says 'ready' when commands reach it, and tells systemd (Type=notify,"
            + " NotifyAccess=all).",
    footer = {
      "",
      "Examples:",
      "  regent run -c /etc/regent/regent.toml",
      "  regent run -c /etc/regent/shop.toml -c /etc/regent/blog.toml   (two clusters)",
      "",
      "Exit codes: 0 stopped by a signal; 1 the store, a folder or the socket cannot be opened;"
          + " 2 a mistake in the configuration, and nothing was started."
    })
public final class RunCommand implements Callable<Integer> {
  /** Seconds of one core; more compile little more, and take memory. */
  private static final int REHEARSED = 20;

  private static final Duration REHEARSAL_MAX = Duration.ofSeconds(60);

  private final Surroundings surroundings;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      required = true,
      description =
          "regent.toml, mode 0600 if it holds a password; once for each cluster that it shall serve."
              + " With a mistake in any of them nothing is started.")
  private List<String> files = List.of();

  public RunCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return Main.run(
        files.stream().map(Path::of).toList(),
        RunCommand::rehearse,
        surroundings.out(),
        surroundings.err());
  }

  private static void rehearse(Consumer<Effect> effects) {
    long begun = System.nanoTime();
    Rehearsal.play(
        REHEARSED,
        () -> System.nanoTime() - begun > REHEARSAL_MAX.toNanos() || isShortOfMemory(),
        effects);
  }

  /** What clients need comes first. */
  private static boolean isShortOfMemory() {
    Runtime machine = Runtime.getRuntime();
    long used = machine.totalMemory() - machine.freeMemory();
    return used > machine.maxMemory() / 2;
  }
}
