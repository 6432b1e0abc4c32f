package dev.regent.sim.world;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ClusterSpec.Hooks;
import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.ClusterSpec.Server;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerId;
import java.util.ArrayList;
import java.util.List;

/** Clusters as operators configure them: db1, db2, ... */
public final class Specs {
  private Specs() {}

  public static ClusterSpec of(Policy.Profile profile, int servers) {
    List<Server> list = new ArrayList<>();
    for (int i = 1; i <= servers; i++) {
      Endpoint address = new Endpoint("db" + i, 3306);
      list.add(
          new Server(new ServerId("db" + i), address, address, Preference.NEUTRAL, 0, "", true));
    }
    return new ClusterSpec("shop", list, Policy.of(profile), Hooks.NONE);
  }
}
