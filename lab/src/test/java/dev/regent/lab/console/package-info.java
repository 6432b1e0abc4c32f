/** The consoles on real terminals, over real servers. */
@NullMarked
package dev.regent.lab.console;

import org.jspecify.annotations.NullMarked;
