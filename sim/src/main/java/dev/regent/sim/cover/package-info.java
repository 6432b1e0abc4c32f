/** What simulated days have reached of all that the core can see, decide and do. */
@NullMarked
package dev.regent.sim.cover;

import org.jspecify.annotations.NullMarked;
