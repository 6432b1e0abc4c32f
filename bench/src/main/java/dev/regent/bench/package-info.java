/** Benchmarks. */
@NullMarked
package dev.regent.bench;

import org.jspecify.annotations.NullMarked;
