@NullMarked
package dev.regent.bench.proxied;

import org.jspecify.annotations.NullMarked;
