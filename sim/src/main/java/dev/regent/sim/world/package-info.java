/**
 * Everything at once: a cluster, its clients, its managers, and those who watch for broken
 * promises.
 */
@NullMarked
package dev.regent.sim.world;

import org.jspecify.annotations.NullMarked;
