/** A small cluster in memory for the stories of the core: servers, clients, manager, one clock. */
@NullMarked
package dev.regent.core.toy;

import org.jspecify.annotations.NullMarked;
