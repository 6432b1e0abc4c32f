/** A terminal as a console needs it: keys in, whole screens out, and given back as it was. */
@NullMarked
package dev.regent.cli.terminal;

import org.jspecify.annotations.NullMarked;
