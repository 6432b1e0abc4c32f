/**
 * What is seen of the proxy from outside, and what is done to its sessions from there. No statement
 * text with its values, no password.
 */
@NullMarked
package dev.regent.proxy.seen;

import org.jspecify.annotations.NullMarked;
