/** What operators ask about the proxy's clients, and do to them. */
@NullMarked
package dev.regent.cli.front;

import org.jspecify.annotations.NullMarked;
