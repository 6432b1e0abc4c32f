/** The lab's commands, and where a named lab is remembered between them. */
@NullMarked
package dev.regent.lab.command;

import org.jspecify.annotations.NullMarked;
