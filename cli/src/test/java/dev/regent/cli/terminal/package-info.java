/** What a terminal gets, and when. */
@NullMarked
package dev.regent.cli.terminal;

import org.jspecify.annotations.NullMarked;
