/**
 * What the sessions of a proxy share: how busy and how late each server is, and the newest write
 * that any of them has heard of.
 */
@NullMarked
package dev.regent.proxy.fleet;

import org.jspecify.annotations.NullMarked;
