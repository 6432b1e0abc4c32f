package dev.regent.lab.script;

import dev.regent.lab.scenario.Scenario;
import java.util.List;
import java.util.stream.Stream;

/** Every scenario there is. */
public final class Catalogue {
  private Catalogue() {}

  public static List<Scenario> all() {
    return Stream.of(
            Crashes.all(),
            Freezes.all(),
            Midway.all(),
            Replicas.all(),
            Managers.all(),
            Tampering.all(),
            Planned.all(),
            Networks.all(),
            Disks.all())
        .flatMap(List::stream)
        .toList();
  }
}
