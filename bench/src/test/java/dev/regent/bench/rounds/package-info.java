@NullMarked
package dev.regent.bench.rounds;

import org.jspecify.annotations.NullMarked;
