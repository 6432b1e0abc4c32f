/** Benchmarks that break or move the primary, round after round, under load. */
@NullMarked
package dev.regent.bench.rounds;

import org.jspecify.annotations.NullMarked;
