/**
 * The console of {@code regent top} and {@code mariadb-repmgr}. What is shown ({@code Screen}) and
 * what a key does ({@code Reactions}) are pure functions of a {@code State}; {@link
 * dev.regent.cli.console.Console} runs them on a terminal.
 */
@NullMarked
package dev.regent.cli.console;

import org.jspecify.annotations.NullMarked;
