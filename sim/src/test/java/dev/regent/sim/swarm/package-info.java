/** Drawn runs, and what some of them taught. */
@NullMarked
package dev.regent.sim.swarm;

import org.jspecify.annotations.NullMarked;
