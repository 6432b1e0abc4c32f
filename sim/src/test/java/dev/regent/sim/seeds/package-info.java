/** What is asked of all seeds together: nothing broken, everything reached, the same every time. */
@NullMarked
package dev.regent.sim.seeds;

import org.jspecify.annotations.NullMarked;
