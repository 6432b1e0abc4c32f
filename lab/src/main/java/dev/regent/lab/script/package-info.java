/** The scenarios, each with what must come of it. */
@NullMarked
package dev.regent.lab.script;

import org.jspecify.annotations.NullMarked;
