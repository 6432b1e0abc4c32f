/** Files of others, and what becomes of them. */
@NullMarked
package dev.regent.server.migrate;

import org.jspecify.annotations.NullMarked;
