/**
 * What steps do on a simulated server: the statements of production in their order, with the
 * network and the deadlines between them.
 */
@NullMarked
package dev.regent.sim.steps;

import org.jspecify.annotations.NullMarked;
