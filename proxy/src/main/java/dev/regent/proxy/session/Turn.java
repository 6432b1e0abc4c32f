package dev.regent.proxy.session;

import java.util.List;

/**
 * What came of an input.
 *
 * @param used so many of the bytes that came with it; the rest is shown again with what follows it
 */
public record Turn(int used, List<Effect> effects) {
  public Turn {
    effects = List.copyOf(effects);
  }
}
