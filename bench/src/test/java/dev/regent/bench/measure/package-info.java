@NullMarked
package dev.regent.bench.measure;

import org.jspecify.annotations.NullMarked;
