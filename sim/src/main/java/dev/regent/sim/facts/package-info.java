/**
 * What MariaDB does, as stories over {@code dev.regent.sim.contract}: the facts that the promises
 * of Regent rest on, and that a simulated server must share with a real one.
 */
@NullMarked
package dev.regent.sim.facts;

import org.jspecify.annotations.NullMarked;
