@NullMarked
package dev.regent.bench.arena;

import org.jspecify.annotations.NullMarked;
