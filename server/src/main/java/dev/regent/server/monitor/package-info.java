/**
 * Tells an operator's script what happens to the servers, in the words of MaxScale's monitor: which
 * events there are, how they follow from what is known, how the script is called.
 */
@NullMarked
package dev.regent.server.monitor;

import org.jspecify.annotations.NullMarked;
