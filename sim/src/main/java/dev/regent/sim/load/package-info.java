/** Clients of the simulated cluster: they follow the routing table and remember every answer. */
@NullMarked
package dev.regent.sim.load;

import org.jspecify.annotations.NullMarked;
