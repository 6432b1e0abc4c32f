/** Steps on a replica's threads and relay log, none of which may lose what was received. */
@NullMarked
package dev.regent.server.relay;

import org.jspecify.annotations.NullMarked;
