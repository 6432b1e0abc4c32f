/** Executes the core's steps on servers and hooks. */
@NullMarked
package dev.regent.server.execute;

import org.jspecify.annotations.NullMarked;
