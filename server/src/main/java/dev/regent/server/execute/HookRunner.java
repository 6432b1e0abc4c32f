package dev.regent.server.execute;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting.RunHook;
import dev.regent.core.plan.Promoting.RunHook.Hook;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs hooks as processes: the configured words as they are, no shell; what it is about as one JSON
 * object on standard input; exit code 0 is success. At the deadline the process and its descendants
 * are killed. The end of its output is in the outcome.
 */
public final class HookRunner implements Hooks {
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
    Program program = new Program("hook-" + step.hook(), step.deadline(), Duration.ZERO);
    try {
      return outcome(program.run(new ProcessBuilder(command), json(step)), step);
    } catch (IOException e) {
      return new Outcome.Failed("hook did not start: " + e.getMessage());
    }
  }

  private static Outcome outcome(Program.Ended ended, RunHook step) {
    if (ended.interrupted()) {
      return new Outcome.Unknown("hook killed: the manager is stopping");
    }
    if (ended.code().isEmpty()) {
      return new Outcome.Unknown(
          "hook killed after " + step.deadline().toMillis() + " ms" + ended.said());
    }
    int code = ended.code().getAsInt();
    return code == 0 ? Outcome.ok() : new Outcome.Failed("hook exit code " + code + ended.said());
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
}
