/** Writes to a cluster and keeps account of every answer. */
@NullMarked
package dev.regent.lab.load;

import org.jspecify.annotations.NullMarked;
