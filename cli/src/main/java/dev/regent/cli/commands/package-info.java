/** The commands of {@code regent}, one class each. */
@NullMarked
package dev.regent.cli.commands;

import org.jspecify.annotations.NullMarked;
