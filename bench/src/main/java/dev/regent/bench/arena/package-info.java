/** The place of a benchmark: a cluster, a daemon over it, a load beside it, and its account. */
@NullMarked
package dev.regent.bench.arena;

import org.jspecify.annotations.NullMarked;
