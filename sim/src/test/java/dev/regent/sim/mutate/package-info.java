/**
 * Is the simulator strict enough? Deliberate bugs, each switched on alone in the real code, must
 * all be caught by it.
 */
@NullMarked
package dev.regent.sim.mutate;

import org.jspecify.annotations.NullMarked;
