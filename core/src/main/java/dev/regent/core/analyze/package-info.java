/** What it means: from a snapshot to a diagnosis. */
@NullMarked
package dev.regent.core.analyze;

import org.jspecify.annotations.NullMarked;
