/**
 * What {@code maxadmin} asks and MaxScale 1.2 answers, told of this cluster: over the daemon's own
 * socket, and over a TCP port that speaks the old client's protocol.
 */
@NullMarked
package dev.regent.server.maxadmin;

import org.jspecify.annotations.NullMarked;
