/** Connections to database servers: opened, limited in time, and their failures named. */
@NullMarked
package dev.regent.server.connect;

import org.jspecify.annotations.NullMarked;
