/** The one door into the core: inputs, effects, events and the ports. */
@NullMarked
package dev.regent.core.control;

import org.jspecify.annotations.NullMarked;
