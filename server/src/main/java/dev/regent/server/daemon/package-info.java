/** The daemon: one control loop, and the map of who gets what. */
@NullMarked
package dev.regent.server.daemon;

import org.jspecify.annotations.NullMarked;
