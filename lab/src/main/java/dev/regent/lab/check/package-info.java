/**
 * What must hold whatever was done to a cluster, judged from what was seen: pure functions over
 * {@link dev.regent.lab.check.Evidence}, and the two that gather it.
 */
@NullMarked
package dev.regent.lab.check;

import org.jspecify.annotations.NullMarked;
