/** Benchmarks of the proxy, over real servers. */
@NullMarked
package dev.regent.bench.proxied;

import org.jspecify.annotations.NullMarked;
