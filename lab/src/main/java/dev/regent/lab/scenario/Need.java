package dev.regent.lab.scenario;

import dev.regent.lab.machine.Mounts;
import dev.regent.lab.net.Namespaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Something that not every machine has.
 *
 * @param missing why it cannot be had here; empty if it can
 */
public record Need(String name, Supplier<Optional<String>> missing) {
  /** Network namespaces: every party on a host of its own. */
  public static final Need NAMESPACES = once("namespaces", Namespaces::missing);

  /** Mounts: a disk for each server. */
  public static final Need MOUNTS = once("mounts", Mounts::missing);

  /** To look takes commands, and a program's rights do not change while it runs. */
  private static Need once(String name, Supplier<Optional<String>> look) {
    List<Optional<String>> known = new ArrayList<>();
    return new Need(
        name,
        () -> {
          synchronized (known) {
            if (known.isEmpty()) {
              known.add(look.get());
            }
            return known.getFirst();
          }
        });
  }
}
