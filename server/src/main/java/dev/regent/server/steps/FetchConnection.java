package dev.regent.server.steps;

import dev.regent.core.model.Channel;
import dev.regent.core.plan.Receiving.FetchMissing;
import dev.regent.server.connect.LinkException;
import dev.regent.server.office.DeposedException;
import java.util.List;

/**
 * The connection over which a server fetches what is missing before its relay log. It ends with its
 * step; after a manager that died in the middle, with the next step that would find it in the way.
 */
public final class FetchConnection {
  private FetchConnection() {}

  /** Removes it, if it is among these. */
  public static void end(List<Channel> channels, Work work) throws LinkException, DeposedException {
    if (channels.stream().anyMatch(c -> c.name().equalsIgnoreCase(FetchMissing.CHANNEL))) {
      for (String sql : FetchMissing.end()) {
        work.change(sql);
      }
    }
  }
}
