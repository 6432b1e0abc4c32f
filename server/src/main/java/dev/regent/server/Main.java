package dev.regent.server;

import dev.regent.core.control.ControlStore.StoreException;
import dev.regent.server.config.Clashes;
import dev.regent.server.config.Config;
import dev.regent.server.config.ConfigLoader;
import dev.regent.server.config.ConfigResult;
import dev.regent.server.config.Surroundings;
import dev.regent.server.daemon.Daemon;
import dev.regent.server.daemon.Rehearsal;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * {@code regent run}: the daemon in the foreground, for one cluster or several. They share the
 * process and nothing else: each has its own store, controller, socket and listeners.
 *
 * <p>Exit codes: 0 stopped by SIGTERM or SIGINT; 1 the store, a folder or the socket cannot be
 * opened; 2 a mistake in the configuration, and nothing was started.
 */
public final class Main {
  private Main() {}

  /**
   * Runs until a signal comes; returns only if it could not start.
   *
   * @param play what is rehearsed once the daemon is ready
   */
  public static int run(List<Path> files, Rehearsal.Play play, PrintStream out, PrintStream err) {
    Optional<List<Config>> configs = load(files, err);
    return configs.isEmpty() ? 2 : runAll(configs.get(), play, out, err);
  }

  /** Looks for mistakes only; nothing is started and nothing changed. */
  public static int check(List<Path> files, PrintStream out, PrintStream err) {
    Optional<List<Config>> configs = load(files, err);
    configs
        .orElse(List.of())
        .forEach(c ->
            out.println(
                c.file()
                    + ": no mistake; cluster "
                    + c.spec().name()
                    + ", "
                    + c.spec().servers().size()
                    + " servers, profile "
                    + c.spec().policy().profile().name().toLowerCase(Locale.ROOT)));
    return configs.isEmpty() ? 2 : 0;
  }

  /** All or none: every mistake of every file is told. */
  private static Optional<List<Config>> load(List<Path> files, PrintStream err) {
    List<Config> configs = new ArrayList<>();
    List<String> mistakes = new ArrayList<>();
    for (Path file : files) {
      switch (ConfigLoader.load(file, Surroundings.here())) {
        case ConfigResult.Invalid invalid ->
            invalid.mistakes().forEach(m -> mistakes.add(file + ": " + m.sentence()));
        case ConfigResult.Ok ok -> configs.add(ok.config());
      }
    }
    mistakes.addAll(Clashes.among(configs));
    if (mistakes.isEmpty()) {
      return Optional.of(configs);
    }
    mistakes.forEach(err::println);
    int count = mistakes.size();
    err.println(
        count == 1 ? "1 mistake; nothing was started" : count + " mistakes; nothing was started");
    return Optional.empty();
  }

  private static int runAll(
      List<Config> configs, Rehearsal.Play play, PrintStream out, PrintStream err) {
    Deque<Daemon> daemons = new ArrayDeque<>();
    for (Config config : configs) {
      try {
        daemons.add(Daemon.open(config));
      } catch (StoreException | IOException e) {
        String where = configs.size() == 1 ? "" : config.file() + ": ";
        err.println("regent run: " + where + e.getMessage());
        closeAll(daemons);
        return 1;
      }
    }
    daemons.forEach(Daemon::start);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> stop(daemons)));
    for (Daemon daemon : daemons) {
      out.println("ready: cluster " + daemon.cluster() + ", commands at " + daemon.socket());
    }
    out.flush();
    Readiness.tell();
    if (configs.stream().allMatch(Config::rehearse)) {
      Rehearsal.begin(play);
    }
    await();
    return 0;
  }

  /** A signal is an order to stop, not a failure: the exit code is 0. */
  private static void stop(Deque<Daemon> daemons) {
    closeAll(daemons);
    Runtime.getRuntime().halt(0);
  }

  /** All at once: each may wait some seconds for what it has under way. */
  private static void closeAll(Deque<Daemon> daemons) {
    List<Thread> closing =
        daemons.stream()
            .map(d -> Thread.ofPlatform().name("close-" + d.cluster()).start(d::close))
            .toList();
    try {
      for (Thread thread : closing) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
