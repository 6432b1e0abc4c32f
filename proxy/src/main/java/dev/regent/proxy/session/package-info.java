/**
 * A client's session: what it may send where and when, what it remembers so that it can move, and
 * what the client is told when something is lost. Bytes and events in, effects out.
 */
@NullMarked
package dev.regent.proxy.session;

import org.jspecify.annotations.NullMarked;
