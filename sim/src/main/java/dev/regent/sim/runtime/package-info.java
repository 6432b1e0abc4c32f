/**
 * A manager in the simulated world: the controller of production, with probes, a store, an executor
 * and a publisher that keep production's promises of order, and can die between any two.
 */
@NullMarked
package dev.regent.sim.runtime;

import org.jspecify.annotations.NullMarked;
