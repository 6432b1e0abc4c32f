/** What to do: from a diagnosis to a plan, or a reason to hold. */
@NullMarked
package dev.regent.core.plan;

import org.jspecify.annotations.NullMarked;
