/** Figures of one kind: medians, percentiles, and how they are shown. */
@NullMarked
package dev.regent.lab.measure;

import org.jspecify.annotations.NullMarked;
