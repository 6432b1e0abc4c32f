/**
 * The console: {@code regent top} over a daemon's socket, and that of {@code mariadb-repmgr} over
 * connections of its own. What is shown and what a key does are pure functions of {@link
 * dev.regent.cli.console.State}; {@link dev.regent.cli.console.Console} owns the terminal.
 */
@NullMarked
package dev.regent.cli.console;

import org.jspecify.annotations.NullMarked;
