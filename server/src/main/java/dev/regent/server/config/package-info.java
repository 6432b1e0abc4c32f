/** {@code regent.toml}: read whole or not at all, with every mistake told at once. */
@NullMarked
package dev.regent.server.config;

import org.jspecify.annotations.NullMarked;
