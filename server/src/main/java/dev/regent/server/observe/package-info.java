/** Probes: what each server says about itself, or why it says nothing. */
@NullMarked
package dev.regent.server.observe;

import org.jspecify.annotations.NullMarked;
