/**
 * What a session asks of those beside it: how busy and how late each server is, and the newest
 * write that any session has heard of.
 */
@NullMarked
package dev.regent.proxy.fleet;

import org.jspecify.annotations.NullMarked;
