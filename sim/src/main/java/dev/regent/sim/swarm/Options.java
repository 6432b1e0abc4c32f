package dev.regent.sim.swarm;

import dev.regent.core.model.Policy;
import dev.regent.sim.world.Setup;
import java.util.List;

/**
 * What was drawn for one run, apart from what goes wrong.
 *
 * @param safetySeconds how long things may go wrong
 * @param survivors who of the servers is healed afterwards, by number in the configured order
 * @param hooksFail part of the hooks that fail, and as many that hang
 */
public record Options(Setup setup, long safetySeconds, List<Integer> survivors, double hooksFail) {
  public Options {
    survivors = List.copyOf(survivors);
  }

  public Policy.Profile profile() {
    return setup.spec().policy().profile();
  }

  /** Whether the proxy has clients. */
  public boolean isProxied() {
    return setup.proxied().clients() > 0;
  }

  /** In one line. */
  public String words() {
    return profile()
        + ", "
        + setup.spec().servers().size()
        + " servers "
        + (setup.sources().values().stream().distinct().count() > 1 ? "with a relay " : "")
        + (setup.aggregator() ? "with an aggregator " : "")
        + setup.release().version()
        + ", "
        + setup.clients()
        + " + "
        + setup.directClients()
        + " clients, "
        + (isProxied()
            ? setup.proxied().clients()
                + " through the proxy, "
                + setup.proxied().readers()
                + " of them to replicas too, hold "
                + setup.proxied().hold()
                + ", "
            : "")
        + setup.habits().domains()
        + " domains"
        + (setup.habits().domains() > 1 && setup.habits().uneven() ? ", mostly the last" : "")
        + ", start file "
        + (setup.file().roleReplica() ? "truncates" : "keeps")
        + ", net time-out "
        + setup.file().netTimeout() / 1_000_000_000L
        + " s, "
        + (setup.oddities().isEmpty() ? "" : setup.oddities() + ", ")
        + "healed "
        + survivors;
  }
}
