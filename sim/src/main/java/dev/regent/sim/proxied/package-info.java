/**
 * The proxy's session logic in the simulated world: the shell around it that production has on
 * sockets, clients that speak the protocol, and what must hold of both.
 */
@NullMarked
package dev.regent.sim.proxied;

import org.jspecify.annotations.NullMarked;
