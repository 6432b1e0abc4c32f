/** How relay logs are saved. */
@NullMarked
package dev.regent.server.relay;

import org.jspecify.annotations.NullMarked;
