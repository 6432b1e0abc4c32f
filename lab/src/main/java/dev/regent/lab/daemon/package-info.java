/** The daemon as a user runs it: a process of its own, reached by its socket. */
@NullMarked
package dev.regent.lab.daemon;

import org.jspecify.annotations.NullMarked;
