/** {@code regent sim}: many bad days, in parallel, and what became of them. */
@NullMarked
package dev.regent.sim;

import org.jspecify.annotations.NullMarked;
