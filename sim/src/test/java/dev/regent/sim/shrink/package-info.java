/** Shrinking with a made-up promise, so that the smallest run is known. */
@NullMarked
package dev.regent.sim.shrink;

import org.jspecify.annotations.NullMarked;
