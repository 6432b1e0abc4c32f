/** What the core does, told as stories on the toy cluster. */
@NullMarked
package dev.regent.core.story;

import org.jspecify.annotations.NullMarked;
