/** A daemon over servers that only pretend. */
@NullMarked
package dev.regent.bench.fake;

import org.jspecify.annotations.NullMarked;
