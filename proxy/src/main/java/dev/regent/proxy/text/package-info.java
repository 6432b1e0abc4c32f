/**
 * What a statement's text tells without being parsed: whether it only reads, what it leaves behind
 * in its session, where it may go. In doubt it is a statement for the primary.
 */
@NullMarked
package dev.regent.proxy.text;

import org.jspecify.annotations.NullMarked;
