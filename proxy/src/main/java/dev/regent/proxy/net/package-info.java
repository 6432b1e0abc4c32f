/**
 * The sockets around the sessions: event loops, both sides of a session on the same one. What may
 * be sent where is not decided here.
 */
@NullMarked
package dev.regent.proxy.net;

import org.jspecify.annotations.NullMarked;
