package dev.regent.cli.flags;

import dev.regent.cli.client.Surroundings;
import dev.regent.core.model.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * Where a run keeps what it intends, so that the next one can finish or undo what a killed one left
 * half done. One folder for each set of servers, in whatever order they are named.
 */
public final class StateFolder {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private StateFolder() {}

  public static Path of(Request request, Surroundings surroundings) {
    return request
        .place()
        .state()
        .orElseGet(() -> standard(surroundings))
        .resolve(key(request.servers()));
  }

  /** A monitor's user often has no home that it may write to. */
  private static Path standard(Surroundings surroundings) {
    if (surroundings.user().equals("root")) {
      return Path.of("/var/lib/regent/repmgr");
    }
    String state = surroundings.environment().getOrDefault("XDG_STATE_HOME", "");
    if (!state.isEmpty()) {
      return Path.of(state).resolve("regent/repmgr");
    }
    return Files.isWritable(surroundings.home())
        ? surroundings.home().resolve(".local/state/regent/repmgr")
        : Path.of("/var/tmp").resolve("regent-repmgr-" + surroundings.user());
  }

  /** A name, not a proof: FNV-1a of the sorted addresses. */
  private static String key(List<Endpoint> servers) {
    List<String> names =
        servers.stream().map(Endpoint::toString).sorted(Comparator.naturalOrder()).toList();
    long hash = FNV_OFFSET;
    for (char c : String.join(",", names).toCharArray()) {
      hash = (hash ^ c) * FNV_PRIME;
    }
    return "cluster-" + Long.toHexString(hash);
  }
}
