/** {@code regent top}: the console over a daemon's socket. */
@NullMarked
package dev.regent.cli.top;

import org.jspecify.annotations.NullMarked;
