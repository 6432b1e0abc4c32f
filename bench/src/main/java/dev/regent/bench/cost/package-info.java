/** Benchmarks of what Regent costs while nothing happens. */
@NullMarked
package dev.regent.bench.cost;

import org.jspecify.annotations.NullMarked;
