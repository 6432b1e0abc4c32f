/** Makes a failing run small: what is left is what it takes. */
@NullMarked
package dev.regent.sim.shrink;

import org.jspecify.annotations.NullMarked;
