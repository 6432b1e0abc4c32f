/**
 * The proxy as a part of the daemon: its listeners, the accounts of the primary for it, and the
 * wait for its clients before writes are frozen.
 */
@NullMarked
package dev.regent.server.front;

import org.jspecify.annotations.NullMarked;
