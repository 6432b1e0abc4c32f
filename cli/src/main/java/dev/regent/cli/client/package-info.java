/**
 * Finds the daemon, asks it, copies its answer. Every command of an operator comes this way, so
 * nothing here may load more than the JDK's base: the start of the JVM is what the operator waits
 * for.
 */
@NullMarked
package dev.regent.cli.client;

import org.jspecify.annotations.NullMarked;
