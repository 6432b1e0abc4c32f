package dev.regent.server.execute;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting.RunHook;
import dev.regent.core.plan.Promoting.RunHook.Hook;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs hooks as processes: the configured words as they are, no shell; what it is about as one JSON
 * object on standard input; exit code 0 is success. At the deadline the process and its descendants
 * are killed. The end of its output is in the outcome.
 */
public final class HookRunner implements Hooks {
  /** More than this nobody reads in an audit trail. */
  private static final int OUTPUT_MAX = 4_096;

  /** A killed process's pipe closes at once, unless a descendant escaped with it. */
  private static final Duration OUTPUT_WAIT = Duration.ofMillis(200);

  private final String cluster;
  private final Map<Hook, List<String>> commands;
  private final Map<ServerId, Endpoint> addresses;

  public HookRunner(
      String cluster, Map<Hook, List<String>> commands, Map<ServerId, Endpoint> addresses) {
    this.cluster = cluster;
    this.commands = Map.copyOf(commands);
    this.addresses = Map.copyOf(addresses);
  }

  @Override
  public Outcome run(RunHook step) {
    List<String> command = commands.getOrDefault(step.hook(), List.of());
    if (command.isEmpty()) {
      return Outcome.ok();
    }
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return attend(process, step);
    } catch (IOException e) {
      return new Outcome.Failed("hook did not start: " + e.getMessage());
    }
  }

  private Outcome attend(Process process, RunHook step) {
    CompletableFuture<String> output = new CompletableFuture<>();
    thread(step, "output", () -> output.complete(tail(process.getInputStream())));
    // A thread of its own: a hook that reads nothing must not hold us up.
    thread(step, "input", () -> feed(process.getOutputStream(), json(step)));
    try {
      if (process.waitFor(step.deadline().toNanos(), TimeUnit.NANOSECONDS)) {
        int code = process.exitValue();
        String said = said(output);
        return code == 0 ? Outcome.ok() : new Outcome.Failed("hook exit code " + code + said);
      }
      kill(process);
      return new Outcome.Unknown(
          "hook killed after " + step.deadline().toMillis() + " ms" + said(output));
    } catch (InterruptedException e) {
      kill(process);
      Thread.currentThread().interrupt();
      return new Outcome.Unknown("hook killed: the manager is stopping");
    }
  }

  private static void thread(RunHook step, String what, Runnable work) {
    Thread.ofVirtual().name("hook-" + step.hook() + "-" + what).start(work);
  }

  private byte[] json(RunHook step) {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("hook", step.hook().name().toLowerCase(Locale.ROOT));
    about.put("cluster", cluster);
    about.put("epoch", step.epoch());
    about.put("server", server(step.server()));
    about.put("old_primary", server(step.oldPrimary()));
    return Json.bytes(about);
  }

  private Map<String, Object> server(ServerId id) {
    Map<String, Object> server = new LinkedHashMap<>();
    server.put("name", id.name());
    Endpoint address = addresses.get(id);
    if (address != null) {
      server.put("host", address.host());
      server.put("port", address.port());
    }
    return server;
  }

  private static void feed(OutputStream in, byte[] bytes) {
    try (in) {
      in.write(bytes);
    } catch (IOException e) {
      // It did not want to know.
    }
  }

  /** Reads all, so that the hook never blocks on us, and keeps the end. */
  private static String tail(InputStream out) {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[OUTPUT_MAX];
    try (out) {
      for (int n = out.read(buffer); n >= 0; n = out.read(buffer)) {
        text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
        text.delete(0, Math.max(0, text.length() - OUTPUT_MAX));
      }
    } catch (IOException e) {
      text.append(" (output cut off)");
    }
    return text.toString().strip();
  }

  private static String said(CompletableFuture<String> output) throws InterruptedException {
    try {
      String text =
          output.completeOnTimeout("", OUTPUT_WAIT.toMillis(), TimeUnit.MILLISECONDS).get();
      return text.isEmpty() ? "" : ": " + text;
    } catch (ExecutionException e) {
      return "";
    }
  }

  private static void kill(Process process) {
    try (Stream<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle()))) {
      all.toList().forEach(ProcessHandle::destroyForcibly);
    }
  }
}
