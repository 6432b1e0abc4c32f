@NullMarked
package dev.regent.bench.fake;

import org.jspecify.annotations.NullMarked;
