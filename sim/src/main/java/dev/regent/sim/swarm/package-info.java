/**
 * Bad days from a seed: what is drawn, what goes wrong and when, what is healed in the end, and
 * what must have become of it.
 */
@NullMarked
package dev.regent.sim.swarm;

import org.jspecify.annotations.NullMarked;
