/**
 * The simulated world's physics: one event queue, chance from one seed, clocks, processes, the
 * network. Nothing here knows a database.
 */
@NullMarked
package dev.regent.sim.kernel;

import org.jspecify.annotations.NullMarked;
