/** The regent command. */
@NullMarked
package dev.regent.cli;

import org.jspecify.annotations.NullMarked;
