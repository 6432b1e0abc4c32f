package dev.regent.cli.repmgr;

import dev.regent.cli.flags.Request;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting.RunHook;
import dev.regent.core.plan.Promoting.RunHook.Hook;
import dev.regent.server.execute.HookRunner;
import dev.regent.server.execute.Hooks;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Calls the pre- and post-failover scripts as the old tool did: {@code SCRIPT OLD_HOST NEW_HOST},
 * and whatever becomes of them is told and holds up nothing.
 */
final class LegacyScripts implements Hooks {
  private final Map<ServerId, Endpoint> addresses;
  private final Request.Scripts scripts;
  private final Consumer<String> complaints;

  LegacyScripts(
      Map<ServerId, Endpoint> addresses, Request.Scripts scripts, Consumer<String> complaints) {
    this.addresses = Map.copyOf(addresses);
    this.scripts = scripts;
    this.complaints = complaints;
  }

  @Override
  public Outcome run(RunHook step) {
    Optional<Path> script =
        switch (step.hook()) {
          case FENCE -> Optional.empty();
          case PRE_PROMOTE -> scripts.before();
          case POST_PROMOTE -> scripts.after();
        };
    if (script.isEmpty()) {
      return Outcome.ok();
    }
    List<String> command =
        List.of(script.get().toString(), host(step.oldPrimary()), host(step.server()));
    Map<Hook, List<String>> commands = Map.of(step.hook(), command);
    Outcome outcome = new HookRunner(Cluster.NAME, commands, addresses).run(step);
    if (!outcome.done()) {
      complaints.accept(script.get() + ": " + outcome.reason() + "; going on");
    }
    return Outcome.ok();
  }

  private String host(ServerId server) {
    Endpoint address = addresses.get(server);
    return address == null ? server.name() : address.host();
  }
}
