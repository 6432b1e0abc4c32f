/** Stories: given a cluster, when this happens, expect that; each on some seeds. */
@NullMarked
package dev.regent.sim.story;

import org.jspecify.annotations.NullMarked;
