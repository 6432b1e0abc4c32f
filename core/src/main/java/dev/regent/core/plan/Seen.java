package dev.regent.core.plan;

import dev.regent.core.model.GtidPosition;

/**
 * What any server has received.
 *
 * @param all whether or not it can be kept
 * @param owed what sync members hold that cannot apply it: whoever is elected must hold it
 */
record Seen(GtidPosition all, GtidPosition owed) {
  static final Seen NOTHING = new Seen(GtidPosition.EMPTY, GtidPosition.EMPTY);

  Seen and(GtidPosition more, GtidPosition owing) {
    return new Seen(all.merge(more), owed.merge(owing));
  }
}
