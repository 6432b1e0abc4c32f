@NullMarked
package dev.regent.bench.peer;

import org.jspecify.annotations.NullMarked;
