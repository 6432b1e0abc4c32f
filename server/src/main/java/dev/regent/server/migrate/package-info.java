/** Makes a {@code regent.toml} of the configuration of another manager. */
@NullMarked
package dev.regent.server.migrate;

import org.jspecify.annotations.NullMarked;
