package dev.regent.server;

import dev.regent.core.control.ControlStore.StoreException;
import dev.regent.server.config.Config;
import dev.regent.server.config.ConfigLoader;
import dev.regent.server.config.ConfigResult;
import dev.regent.server.config.Surroundings;
import dev.regent.server.daemon.Daemon;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/**
 * {@code regent run}: the daemon in the foreground.
 *
 * <p>Exit codes: 0 stopped by SIGTERM or SIGINT; 1 the store, a folder or the socket cannot be
 * opened; 2 a mistake in the configuration, and nothing was started.
 */
public final class Main {
  private Main() {}

  /** Runs until a signal comes; returns only if it could not start. */
  public static int run(Path file, PrintStream out, PrintStream err) {
    return switch (ConfigLoader.load(file, Surroundings.here())) {
      case ConfigResult.Invalid invalid -> {
        tell(file, invalid, err);
        yield 2;
      }
      case ConfigResult.Ok ok -> run(ok.config(), out, err);
    };
  }

  /** Looks for mistakes only; nothing is started and nothing changed. */
  public static int check(Path file, PrintStream out, PrintStream err) {
    return switch (ConfigLoader.load(file, Surroundings.here())) {
      case ConfigResult.Invalid invalid -> {
        tell(file, invalid, err);
        yield 2;
      }
      case ConfigResult.Ok ok -> {
        out.println(
            file
                + ": no mistake; cluster "
                + ok.config().spec().name()
                + ", "
                + ok.config().spec().servers().size()
                + " servers, profile "
                + ok.config().spec().policy().profile().name().toLowerCase(Locale.ROOT));
        yield 0;
      }
    };
  }

  private static void tell(Path file, ConfigResult.Invalid invalid, PrintStream err) {
    invalid.mistakes().forEach(m -> err.println(file + ": " + m.sentence()));
    int count = invalid.mistakes().size();
    err.println(
        count == 1 ? "1 mistake; nothing was started" : count + " mistakes; nothing was started");
  }

  private static int run(Config config, PrintStream out, PrintStream err) {
    Daemon daemon;
    try {
      daemon = Daemon.start(config);
    } catch (StoreException | IOException e) {
      err.println("regent run: " + e.getMessage());
      return 1;
    }
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> stop(daemon)));
    out.println("ready: cluster " + config.spec().name() + ", commands at " + daemon.socket());
    out.flush();
    Readiness.tell();
    await();
    return 0;
  }

  /** A signal is an order to stop, not a failure: the exit code is 0. */
  private static void stop(Daemon daemon) {
    daemon.close();
    Runtime.getRuntime().halt(0);
  }

  private static void await() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
