package dev.regent.sim.mutate;

import java.util.List;
import java.util.stream.Stream;

/**
 * The deliberate bugs. Each one is a way in which somebody has lost data, or would: a rule of the
 * design left out, one line at a time. Where a second line of defence makes up for the first, both
 * are broken.
 */
final class Mutations {
  private Mutations() {}

  static List<Mutation> all() {
    return Stream.of(RoleMutations.all(), CareMutations.all(), ProxyMutations.all())
        .<Mutation>flatMap(List::stream)
        .toList();
  }
}
